import type { Edit, Fault } from '#core/fault.ts'

/** Where a badge may be bent; the names are those of all cards. */
export type DesfireSite = 'card.presence' | 'card.response' | 'card.key' | 'card.uid'

function fault(id: string, site: DesfireSite, title: string, ...edits: Edit[]): Fault<DesfireSite> {
  return { id, title, site, edits }
}

const set = (path: string, value: Extract<Edit, { op: 'set' }>['value']): Edit => ({ op: 'set', path, value })

/**
 * What may be wrong with a badge, bent into its plan (`makeBadge`). `application` and `key` are places in the plan, from 0; unless told,
 * the first application and its key 1, the one that signs people in.
 */
export const desfire = {
  wrongRndA: () =>
    fault('desfire.wrong-rnda', 'card.response', "La dernière réponse du badge ne contient pas l'aléa du terminal", set('answers', 'wrong-rnda')),
  clonedUidEmpty: () =>
    fault('desfire.cloned-uid-empty', 'card.presence', "Une puce vide porte l'identifiant (UID) du badge", set('applications', [])),
  clonedUidWithoutKey: () =>
    fault(
      'desfire.cloned-uid-without-key',
      'card.response',
      "Une puce porte l'identifiant et les fichiers du badge sans ses clés et répond au hasard",
      set('answers', 'without-key'),
    ),
  foreignKey: (application = 0, key = 1) =>
    fault('desfire.foreign-key', 'card.key', "La clé du badge n'est pas celle que le KMS en dérive", keySource(application, key, 'random')),
  neighbourKey: (application = 0, key = 1) =>
    fault('desfire.neighbour-key', 'card.key', "La clé du badge est celle d'un autre badge", keySource(application, key, 'neighbour')),
  commonKey: (application = 0, key = 1) =>
    fault('desfire.common-key', 'card.key', 'La clé est la même dans tous les badges', keySource(application, key, 'common')),
  transportKey: (application = 0, key = 1) =>
    fault('desfire.transport-key', 'card.key', "La clé du badge est restée celle de l'usine (des zéros)", keySource(application, key, 'transport')),
  transportCardKey: () =>
    fault(
      'desfire.transport-card-key',
      'card.key',
      "La clé maîtresse de la carte est restée celle de l'usine",
      set('card.keys.0.source', 'transport'),
      set('card.keys.0.version', 0),
      set('card.family', 'des'),
    ),
  oldKeyVersion: (version: number, application = 0, key = 1) =>
    fault(
      'desfire.old-key-version',
      'card.key',
      "La clé du badge est d'une génération antérieure",
      set(`applications.${application}.keys.${key}.version`, version),
    ),
  openSettings: (application = 0) =>
    fault(
      'desfire.open-settings',
      'card.key',
      "Les réglages de clés de l'application sont restés ouverts",
      set(`applications.${application}.settings`, 0x0f),
    ),
  openCardSettings: () =>
    fault('desfire.open-card-settings', 'card.key', 'Les réglages de clés de la carte sont restés ouverts', set('card.settings', 0x0f)),
  /** The key keeps a right of its own, so that an honest terminal notices nothing: a right of everybody alone would turn it to plain. */
  readableFree: (application = 0, file = 0, key = 1) =>
    fault(
      'desfire.readable-free',
      'card.key',
      "Le fichier d'identité du badge se lit sans authentification",
      set(`applications.${application}.files.${file}.read`, 'free'),
      set(`applications.${application}.files.${file}.readWrite`, key),
    ),
  plainFile: (application = 0, file = 0) =>
    fault(
      'desfire.plain-file',
      'card.key',
      "Le fichier d'identité du badge voyage en clair",
      set(`applications.${application}.files.${file}.mode`, 'plain'),
    ),
  randomUid: () =>
    fault('desfire.random-uid', 'card.uid', "L'identifiant (UID) du badge est aléatoire à chaque présentation", set('randomUid', true)),
  fixedUid: () => fault('desfire.fixed-uid', 'card.uid', "L'identifiant (UID) du badge est toujours le même", set('randomUid', false)),
}

function keySource(application: number, key: number, source: string): Edit {
  return set(`applications.${application}.keys.${key}.source`, source)
}
