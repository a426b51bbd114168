import { FRAME_PATH } from '#simulators/openid-provider/index.ts'
import { Halt, settleSignedOut } from '../../steps.ts'
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

  async 'front-channel-logout'({ scene, window, open }, { iss, sid }) {
    const { facts } = scene
    const uri = facts.frontchannelLogoutUri
    if (!uri) throw new Halt('NOT_DECLARED', 'La cible ne dit pas quelle adresse charger dans un cadre (client.frontchannelLogoutUri).')
    const tab = await open('cadre', window)
    const answered = tab.page.waitForResponse((response) => response.url().startsWith(uri), { timeout: facts.timeout })
    answered.catch(() => {})
    await tab.page.goto(`${facts.walletOrigin}${FRAME_PATH}?${new URLSearchParams({ ...(iss ? { iss } : {}), ...(sid ? { sid } : {}) })}`)
    const response = await answered.catch(() => undefined)
    const sent = await response?.request().headerValue('cookie')
    action(scene, 'logout-frame', 'Le fournisseur charge dans un cadre l’adresse de fin de session du produit', {
      status: response?.status() ?? null,
      // A browser of today sends no cookie of another site into a frame, unless it says SameSite=None.
      cookies: sent ? sent.replaceAll(/=[^;]*/g, '') : '',
    })
  },
} satisfies Partial<Plays>
