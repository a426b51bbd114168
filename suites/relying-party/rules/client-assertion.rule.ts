import { type Exchange, exchangesAt, type Journal } from '#core/journal.ts'
import { type Breach, defineRule } from '#core/module.ts'

/** Seconds that an assertion may live. */
const LONGEST = 600

type Claims = Readonly<Record<string, unknown>>

export default defineRule({
  id: 'rp/rules/client-assertion',
  title: 'L’assertion du client est faite pour le fournisseur, une seule fois et pour peu de temps',
  requirements: ['oidc-core@1.0/9-private-key-jwt', 'psc@2026-11/short-assertion'],
  appliesTo: { role: 'relying-party', needs: ['code-flow'] },
  absence: 'Le produit ne s’authentifie pas par une clé (private_key_jwt).',
  scenes: ['rp/login/nominal@private-key-jwt'],
  catches: ['lasting-assertion', 'assertion-for-several'],
  anchors: ['RPB-05'],
  mend: 'Faites une assertion neuve à chaque appel : iss et sub égaux à client_id, aud égal à l’émetteur, jti aléatoire, exp dans quelques minutes.',
  judge(journal, { clientId }) {
    const calls = assertions(journal)
    if (calls.length === 0) return null
    return calls.flatMap(({ call, claims }) => breaches(claims, clientId).map((breach) => ({ ...breach, entries: [call.seq] })))
  },
  judgeTogether(journals) {
    const seen = new Map<string, number>()
    for (const { claims } of journals.flatMap(assertions)) {
      const jti = String(claims['jti'] ?? '')
      if (jti) seen.set(jti, (seen.get(jti) ?? 0) + 1)
    }
    return [...seen.values()]
      .filter((count) => count > 1)
      .map((count) => ({ expected: 'Un jti différent à chaque assertion.', observed: `Le même jti sert à ${count} assertions du passage.` }))
  },
})

/** The assertions of a journal; they are recorded decoded, their jti as a digest. */
function assertions(journal: Journal): { readonly call: Exchange; readonly claims: Claims }[] {
  return exchangesAt(journal, 'token').flatMap((call) => {
    const payload = /^‹jeton \{.*?\} \. (\{.*\}) \. /.exec(call.params['client_assertion'] ?? '')?.[1]
    return payload === undefined ? [] : [{ call, claims: JSON.parse(payload) as Claims }]
  })
}

function breaches(claims: Claims, clientId: string): Breach[] {
  const rule = { requirement: 'oidc-core@1.0/9-private-key-jwt' } as const
  const { iss, sub, aud, exp, iat, jti } = claims
  const audiences = Array.isArray(aud) ? aud : [aud]
  return [
    ...(iss === clientId && sub === clientId
      ? []
      : [{ ...rule, expected: 'iss et sub égaux à client_id.', observed: `L'assertion porte iss « ${iss} » et sub « ${sub} ».` }]),
    ...(audiences.length === 1
      ? []
      : [
          {
            ...rule,
            expected: 'Une seule audience : le fournisseur.',
            observed: `L'assertion est faite pour ${audiences.length} audiences : ${audiences.join(', ')}.`,
          },
        ]),
    ...(jti ? [] : [{ ...rule, expected: 'Un jti.', observed: "L'assertion n'a pas de jti." }]),
    ...(typeof exp === 'number' && typeof iat === 'number' && exp - iat > LONGEST
      ? [
          {
            requirement: 'psc@2026-11/short-assertion' as const,
            expected: `Une échéance à moins de ${LONGEST / 60} minutes.`,
            observed: `L'assertion vaut ${Math.round((exp - iat) / 60)} minutes.`,
          },
        ]
      : []),
  ]
}
