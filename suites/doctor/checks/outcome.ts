import { exchangesAt, type Journal, of } from '#core/journal.ts'
import { sameAddress } from '#core/redirect.ts'
import { persona } from '#fixtures/load.ts'
import { type Check, type Found, landmarks, shortened } from '../found.ts'
import { identity } from './back-channel.ts'

export const canary: Check = (evidence) => {
  const { look, canary: seen, issued, request: asked } = landmarks(evidence)
  const { target, facts } = evidence
  const needle = target.personas['canari']?.needle ?? ''
  if (seen) return { well: `La page montre « ${needle} ».` }
  if (!issued || !look || (identity(evidence).found?.length ?? 0) > 0) return {}
  const scopes = asked?.params['scope']?.split(' ') ?? []
  if (facts?.scope.split(' ').some((scope) => !scopes.includes(scope))) return { unseen: "l'identité n'est pas demandée" }
  if (!asked?.params['acr_values']?.split(' ').includes(facts?.acrValues ?? '')) return { unseen: "le niveau demandé n'est pas celui de la cible" }
  const text = shortened(look.text)
  const inPage = look.needles.includes('canari')
  const found = (id: Found['id'], sentence: string, more: Partial<Found> = {}): { found: Found[] } => ({ found: [{ id, seen: sentence, ...more }] })
  if (look.signedIn === null && look.refusal)
    return found(
      'persona-unknown',
      `le produit refuse le canari : « ${shortened(look.refusal, 300)} » (identifiant national ${persona('canari').idNat}).`,
    )
  if (look.signedIn === 'someone-else' || (look.signedIn !== null && look.signedIn !== 'unreadable')) {
    const what = `quelqu'un est connecté, mais le texte attendu « ${needle} » n'est pas là où driver.signedIn le cherche.`
    return inPage
      ? found('locator-signed-in', `${what} Il est ailleurs dans la page : « ${text} »`)
      : found('needle', `${what} La page dit : « ${text} »`)
  }
  if (look.signedIn === 'unreadable') {
    const there = inPage ? ` Le nom du canari y est pourtant : « ${text} »` : ''
    return found(
      'locator-signed-in',
      `la connexion est allée au bout chez le fournisseur, mais la page ${look.url} ne montre ni signedIn ni signedOut.${there}`,
    )
  }
  return found('session-lost', `après la connexion, la page ${look.url} ne montre personne : « ${text} »`)
}

export const logout: Check = (evidence) => {
  const { logout: journal, target, facts } = evidence
  if (!target.capabilities.includes('rp-initiated-logout')) return { unseen: 'la cible ne déclare pas de déconnexion' }
  if (typeof target.driver !== 'string' && !target.driver.signOut)
    return {
      found: [{ id: 'sign-out-missing', seen: 'la cible déclare rp-initiated-logout, mais driver.signOut ne dit pas comment se déconnecter.' }],
    }
  if (!journal || !facts) return {}
  const trouble = of(journal, 'trouble')[0]
  if (trouble?.code === 'DRIVER_STEP_FAILED' && trouble.sentence.startsWith('driver.signOut')) {
    const [path = 'driver.signOut', ...what] = trouble.sentence.split(' : ')
    return { found: [{ id: 'locator-sign-out', seen: what.join(' : '), target: path }] }
  }
  return atProvider(journal, facts.postLogoutRedirectUri)
}

function atProvider(journal: Journal, registered: string | undefined): ReturnType<Check> {
  const [ask] = exchangesAt(journal, 'end_session')
  if (!ask) return { found: [{ id: 'logout-not-called', seen: "à la déconnexion, le produit n'envoie pas le navigateur au fournisseur." }] }
  const back = ask.params['post_logout_redirect_uri']
  if (back !== undefined && !sameAddress(back, registered)) {
    const known = registered === undefined ? "aucune n'est enregistrée" : `« ${registered} » est enregistré`
    return { found: [{ id: 'post-logout-uri', seen: `à la déconnexion, le produit demande le retour à « ${back} », alors que ${known}.` }] }
  }
  if (ask.status >= 400) return { found: [{ id: 'logout-refused', seen: `le fournisseur refuse la déconnexion (HTTP ${ask.status}).` }] }
  return { well: back === undefined ? 'Le fournisseur est prévenu.' : `Le fournisseur est prévenu, retour à ${back}.` }
}
