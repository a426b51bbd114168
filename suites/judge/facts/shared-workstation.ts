import { exchangesAt, of } from '#core/journal.ts'
import type { Fact } from '#core/module.ts'
import type { Check } from './check.ts'

/** Who is shown on a workstation that many share. */
export const SHARED_WORKSTATION_FACTS = {
  'never-crossed'(journal) {
    const expected = 'À chaque changement, le produit montre celui qui vient de se connecter, et lui seul.'
    const switches = of(journal, 'action').find(({ verb }) => verb === 'switches')
    const trouble = of(journal, 'trouble')[0]
    const looks = of(journal, 'observation').filter(({ moment }) => moment === 'look')
    const crossed = looks.filter(({ signedIn }) => signedIn !== null && signedIn !== 'unreadable')
    if (crossed.length > 0)
      return {
        expected,
        observed: `${crossed.length} fois, la page montre un autre que celui qui vient de se connecter.`,
        entries: crossed.map(({ seq }) => seq),
      }
    if (!switches) return { expected, observed: trouble?.sentence ?? "Les changements d'utilisateur n'ont pas été menés à terme.", unknown: true }
    if (Number(switches.detail?.['failed']) === 0) return undefined
    return {
      expected,
      observed: `${switches.detail?.['failed']} connexion(s) sur ${switches.detail?.['times']} n'ont pas abouti.`,
      entries: [switches.seq],
    }
  },

  /**
   * The last who signed in, in whatever window, is who every later page of that browser shows. Whose code the product did not redeem did
   * not sign in: it may forget the first of two logins, as long as it shows who is really there.
   */
  'last-identity'(journal, { when }) {
    const expected = 'Le produit montre le dernier qui s’est connecté sur ce poste, et jamais le précédent.'
    const redeemed = exchangesAt(journal, 'token').flatMap(({ status, at }) => (status === 200 ? [at] : []))
    const notes = [...of(journal, 'action'), ...of(journal, 'observation')].sort((a, b) => a.seq - b.seq)
    let current: string | undefined
    let identified: { readonly as: string; readonly at: string } | undefined
    let looks = 0
    for (const note of notes) {
      if (note.kind === 'action') {
        if (note.verb === 'identify') identified = { as: String(note.detail?.['as'] ?? when.persona), at: note.at }
        continue
      }
      if (note.moment !== 'after-login' && note.moment !== 'protected-page') continue
      if (note.signedIn === 'unreadable') return { expected, observed: 'Une page ne dit pas qui est connecté.', entries: [note.seq], unknown: true }
      const since = identified
      if (since && (current === undefined || redeemed.some((at) => at >= since.at && at <= note.at))) current = since.as
      identified = undefined
      // A refused attempt says so on a page of its own; who is signed in shows on the next page.
      if (note.signedIn === null && note.refusal) continue
      looks++
      if (note.signedIn === null) return { expected, observed: 'Plus personne n’est connecté après le changement.', entries: [note.seq] }
      if (note.signedIn !== current)
        return { expected, observed: `La page montre un autre que « ${current} », qui vient de se connecter.`, entries: [note.seq] }
    }
    if (looks < 2) return { expected, observed: of(journal, 'trouble')[0]?.sentence ?? 'Les pages n’ont pas été lues.', unknown: true }
    return undefined
  },

  'means-asked-again'(journal, { when }) {
    const expected = 'Quand la session du fournisseur a pris fin, le moyen est redemandé, et la connexion aboutit.'
    const asked = of(journal, 'action').filter(({ verb }) => verb === 'login-again')
    const look = of(journal, 'observation').findLast(({ moment }) => moment === 'after-login')
    const trouble = of(journal, 'trouble')[0]
    if (asked.length < 2)
      return {
        expected,
        observed: trouble?.sentence ?? "La seconde connexion n'a pas été tentée.",
        unknown: !/REFUSED|AUTHORIZATION/.test(trouble?.code ?? ''),
      }
    const again = asked.at(-1)
    if (again?.detail?.['walletAsked'] !== true && look?.signedIn === when.persona)
      return { expected, observed: 'La seconde connexion a abouti sans que le moyen soit redemandé.', entries: [again?.seq ?? 0] }
    if (look?.signedIn === when.persona) return undefined
    if (look?.signedIn === 'unreadable' || !look) return { expected, observed: 'La page ne dit pas qui est connecté.', unknown: true }
    const said = look.refusal ? ` Le produit dit : « ${look.refusal.replaceAll(/\s+/g, ' ').slice(0, 160)} »` : ''
    return { expected, observed: `La seconde connexion n'aboutit pas.${said}`, entries: [look.seq] }
  },
} satisfies Partial<Record<Fact, Check>>
