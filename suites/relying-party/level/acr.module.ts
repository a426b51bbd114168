import { defineModule, login, refused } from '#core/module.ts'

/** One row a form: absent, lower, unknown and list stand in `id-token/acr-*`; these are the values by which careless comparisons are known. */
export default defineModule({
  id: 'rp/level/acr',
  title: 'Un niveau qui n’est pas exactement un niveau convenu est refusé',
  requirements: ['psc@2026-11/acr-level', 'oidc-core@1.0/3.1.3.7-12'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'acr-check'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-session'] }),
  catches: ['ignores-acr', 'accepts-unknown-acr'],
  anchors: ['RPN-54'],
  mend: 'Comparez acr, chaîne exacte, à votre liste ordonnée des niveaux ; tout ce qui n’y figure pas est un refus, sans conversion ni rapprochement.',
})
