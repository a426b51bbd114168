import { defineModule, login, refused } from '#core/module.ts'

/** The level claims two factors, the ways of authentication tell of one, or of nothing that can be read. */
export default defineModule({
  id: 'rp/level/amr',
  title: 'Des facteurs qui contredisent le niveau font refuser la connexion',
  requirements: ['psc@2026-11/amr-consistent'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'acr-check', 'amr-check'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['ignores-amr'],
  anchors: ['RPN-55'],
  mend: 'Quand amr est présent, exigez une liste où figure au moins un moyen qui vaut deux facteurs (CARD, ECPS, mfa…) ; sinon refusez, ou signalez-le.',
})
