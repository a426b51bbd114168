/** Every misbehaviour that the provider knows by name, by the document that it bends. */
export { authorizationResponse } from './faults/authorization-response.ts'
export { discovery } from './faults/discovery.ts'
export { idToken } from './faults/id-token.ts'
export { keys } from './faults/keys.ts'
export { logout } from './faults/logout.ts'
export { tokenForm } from './faults/token-form.ts'
export { tokenResponse } from './faults/token-response.ts'
export { userinfo } from './faults/userinfo.ts'
