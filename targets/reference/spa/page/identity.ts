import type { Claims } from './id-token.ts'
import { Refusal } from './refusal.ts'

/** The professional as the page needs them. */
export interface Professional {
  /** National identifier: SubjectNameID, the same as preferred_username. */
  readonly idNat: string
  readonly name: string
  /** One label for each activity of each exercise, without repetition. */
  readonly exercises: readonly string[]
}

/**
 * Reads the userinfo; empty members count as absent.
 * @throws Refusal `unreadable` without an identifier, or when its two members contradict each other
 */
export function readProfessional(userinfo: Claims): Professional {
  const [nameId, username] = [text(userinfo['SubjectNameID']), text(userinfo['preferred_username'])]
  const idNat = nameId || username
  if (idNat === '' || (username !== '' && username !== idNat)) throw new Refusal('unreadable', 'identite')
  const name = [text(userinfo['given_name']), text(userinfo['family_name'])].filter(Boolean).join(' ') || idNat
  const exercises = list(members(userinfo['SubjectRefPro'])['exercices']).flatMap(labels)
  return { idNat, name, exercises: [...new Set(exercises)] }
}

function labels(exercise: unknown): string[] {
  const profession = text(members(exercise)['codeProfession'])
  const activities = list(members(exercise)['activities'])
  const title = profession === '' ? 'Personnel de la structure' : `Profession ${profession}`
  if (activities.length === 0) return [title]
  return activities.map((activity) => {
    const { raisonSocialeSite, identifiantTechniqueDeLaStructure, codeModeExercice } = members(activity)
    return [title, text(raisonSocialeSite) || text(identifiantTechniqueDeLaStructure), text(codeModeExercice)].filter(Boolean).join(' – ')
  })
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function members(value: unknown): Claims {
  return typeof value === 'object' && value !== null ? (value as Claims) : {}
}
