import { defineModule, providers, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/two-providers/mix-up',
  title: "La réponse d'un fournisseur à la demande faite à un autre est refusée",
  requirements: ['rfc9700@2025/4.4-mixup', 'rfc9207@2022/2.4-compare'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'two-providers'] },
  control: 'rp/two-providers/nominal',
  when: providers('mix-up'),
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'], also: ['nothing-leaked'] }),
  catches: ['shared-redirect-without-iss', 'provider-in-session'],
  anchors: ['RPA-11'],
  mend: 'Retenez avec chaque state le fournisseur interrogé : une adresse de retour par fournisseur, et iss comparé avant tout envoi (RFC 9207).',
})
