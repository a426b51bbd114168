import { settleSignedOut } from '../../steps.ts'
import { action, observe } from '../../window.ts'
import type { Plays } from '../scenario.ts'

/** Signing out, by the professional or by the provider. */
export const LOGOUT_STEPS = {
  async 'sign-out'({ scene, window }) {
    action(scene, 'sign-out', 'Le professionnel se déconnecte dans le produit')
    await scene.driver.signOut?.(window.page, scene.context)
    await settleSignedOut(scene, window)
    await observe(scene, window, 'after-sign-out', { picture: false })
  },

  async 'back-channel-logout'({ scene, cast }, { session, replay, method, form }) {
    const title = replay ? 'Le fournisseur renvoie le même jeton de déconnexion' : 'Le fournisseur annonce au serveur du produit la fin de la session'
    action(scene, 'back-channel-logout', title, { ...(method ? { method } : {}), ...(form ? { form } : {}) })
    const cookie = (scene.cookies ?? []).map(({ name, value }) => `${name}=${value}`).join('; ')
    await cast.reportLogout(scene.flow, {
      ...(session === undefined ? {} : { session }),
      ...(replay ? { replay } : {}),
      ...(method ? { method } : {}),
      ...(form ? { form } : {}),
      ...(cookie ? { cookie } : {}),
    })
  },
} satisfies Partial<Plays>
