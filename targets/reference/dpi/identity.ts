import type { Defects } from './defects.ts'
import { modeLabel, professionLabel } from './nomenclature.ts'
import { Refusal } from './refusal.ts'

/** The professional as Pro Santé Connect describes them; empty members of the userinfo count as absent. */
export interface Professional {
  /** National identifier: SubjectNameID, the same as preferred_username. */
  readonly idNat: string
  readonly givenName: string
  readonly familyName: string
  readonly email: string
  /** Identifiers of other registers; they identify nobody here. */
  readonly otherIds: readonly string[]
  readonly profession: string
  /** One label for each activity of each exercise, without repetition. */
  readonly exercises: readonly string[]
}

type Members = Readonly<Record<string, unknown>>

/**
 * Reads the userinfo. The national identifier is the pivot; names and e-mail never are.
 * @throws Refusal `unreadable-identity` without an identifier, or when its two members contradict each other
 */
export function readProfessional(userinfo: Members, defects: Defects): Professional {
  const nameId = text(userinfo['SubjectNameID'])
  const username = text(userinfo['preferred_username'])
  const idNat = defects.has('prefers-username') ? username || nameId : nameId || username || guessed(userinfo, defects)
  if (idNat === '') throw new Refusal('unreadable-identity', 'userinfo.SubjectNameID')
  const contradicted = username !== '' && nameId !== '' && username !== nameId
  if (contradicted && !defects.has('prefers-username') && !defects.has('prefers-name-id'))
    throw new Refusal('unreadable-identity', 'userinfo.preferred_username')
  const exercises = members(userinfo['SubjectRefPro'])['exercices']
  const professional = {
    idNat,
    givenName: text(userinfo['given_name']),
    familyName: text(userinfo['family_name']),
    email: text(userinfo['email']),
    otherIds: list(userinfo['otherIds']).map((one) => text(members(one)['identifiant'])),
    profession: text(members(list(exercises)[0])['codeProfession']),
    exercises: [...new Set(list(exercises).flatMap(activityLabels))],
  }
  refuseUnduly(professional, userinfo, defects)
  return professional
}

/** Subjects of Pro Santé Connect end with the national identifier: a coincidence that only a careless DPI builds on. */
function guessed(userinfo: Members, defects: Defects): string {
  return defects.has('guesses-from-sub') ? (text(userinfo['sub']).split(':').at(-1) ?? '') : ''
}

/** The name exactly as received, `given_name family_name`. */
export function displayName({ givenName, familyName, idNat }: Pick<Professional, 'givenName' | 'familyName' | 'idNat'>, defects: Defects): string {
  const parts = [givenName, familyName].map((part) => (defects.has('cuts-at-apostrophe') ? (part.split(/['’]/)[0] ?? '') : part))
  const name = parts.filter(Boolean).join(' ') || idNat
  const mangled = defects.has('mangles-accents') ? Buffer.from(name, 'utf8').toString('latin1') : name
  if (defects.has('renders-names-as-template'))
    return mangled.replace(/\{\{(\d+)\*(\d+)\}\}/g, (_, left, right) => String(Number(left) * Number(right)))
  return defects.has('truncates-names') ? [...mangled].slice(0, 20).join('') : mangled
}

function activityLabels(exercise: unknown): string[] {
  const profession = professionLabel(text(members(exercise)['codeProfession']))
  const activities = list(members(exercise)['activities'])
  if (activities.length === 0) return [profession]
  return activities.map((activity) => {
    const { raisonSocialeSite, identifiantTechniqueDeLaStructure, codeModeExercice } = members(activity)
    const place = text(raisonSocialeSite) || text(identifiantTechniqueDeLaStructure)
    const mode = modeLabel(text(codeModeExercice))
    return [profession, place, mode].filter(Boolean).join(' – ')
  })
}

/** What brittle applications demand and Pro Santé Connect does not promise. */
function refuseUnduly(professional: Professional, userinfo: Members, defects: Defects): void {
  const undue =
    (defects.has('digits-only-idnat') && !/^\d+$/.test(professional.idNat)) ||
    (defects.has('refuses-structure-idnat') && professional.idNat.includes('/')) ||
    (defects.has('requires-email') && professional.email === '') ||
    (defects.has('requires-profession') && professional.profession === '') ||
    (defects.has('requires-exercise') && professional.exercises.length === 0) ||
    (defects.has('requires-other-ids') && !Array.isArray(userinfo['otherIds']))
  if (undue) throw new Refusal('unreadable-identity', 'userinfo')
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {}
}
