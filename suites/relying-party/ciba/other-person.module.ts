import { defineModule, phone, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/other-person',
  title: "L'identité d'un autre professionnel que celui qui a été demandé est refusée",
  requirements: ['psc@2026-11/ciba-same-person'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  faults: {
    op: [
      {
        id: 'ciba.other-subject',
        title: "Le jeton porte l'identité d'un autre professionnel",
        site: 'id_token.claims',
        edits: [
          { op: 'set', path: 'sub', value: { ref: 'other-subject' } },
          { op: 'set', path: 'SubjectNameID', value: { ref: 'other-national-id' } },
          { op: 'set', path: 'preferred_username', value: { ref: 'other-national-id' } },
        ],
      },
      {
        id: 'ciba.other-identity',
        title: "Le UserInfo porte l'identifiant d'un autre professionnel",
        site: 'userinfo',
        edits: [
          { op: 'set', path: 'sub', value: { ref: 'other-subject' } },
          { op: 'set', path: 'SubjectNameID', value: { ref: 'other-national-id' } },
          { op: 'set', path: 'preferred_username', value: { ref: 'other-national-id' } },
        ],
      },
    ],
  },
  when: phone('sign-in'),
  then: refused({ leaving: ['no-session'] }),
  exclusive: 'persona',
  catches: ['ignores-who-answered'],
  anchors: ['CIB-16'],
  mend: "Comparez l'identifiant national reçu à celui qui a été saisi.",
})
