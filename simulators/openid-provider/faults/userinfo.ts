import type { Json } from '#core/fault.ts'
import { add, fault, remove, set } from './fault.ts'

/** Faults of the UserInfo response (OpenID Connect Core 1.0 §5.3.2). */
export const userinfo = {
  otherIdsRenamed: () =>
    fault(
      'userinfo.other-ids-renamed',
      'userinfo',
      "Les autres identifiants sont nommés « otherIDs », comme dans un modèle de l'ANS",
      remove('otherIds'),
      add('otherIDs', { ref: 'other-ids' }),
    ),
  unavailable: () => fault('userinfo.unavailable', 'http', 'UserInfo répond 500', { op: 'answer', path: '', status: 500, on: 'userinfo' }),
  wrongSubject: () =>
    fault('userinfo.wrong-subject', 'userinfo', "Le sujet (sub) n'est pas celui du jeton d'identité", set('sub', { ref: 'other-subject' })),
  missingSubject: () => fault('userinfo.missing-subject', 'userinfo', 'Le sujet (sub) est absent', remove('sub')),
  unknownClaims: () =>
    fault(
      'userinfo.unknown-claims',
      'userinfo',
      "L'identité porte des revendications inconnues",
      add('hospicert_unknown', { nested: [1, null, 'é'] } as unknown as Json),
    ),
}
