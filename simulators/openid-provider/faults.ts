/** Every misbehaviour that the provider knows by name, by the document that it bends. */
export { authorizationResponse } from './faults/authorization-response.ts'
export { idToken } from './faults/id-token.ts'
export { logout } from './faults/logout.ts'
export { tokenResponse } from './faults/token-response.ts'
export { userinfo } from './faults/userinfo.ts'
