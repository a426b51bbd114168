import { Refusal } from './sign-in.ts'

type Members = Readonly<Record<string, unknown>>

/**
 * Reads the userinfo; empty members count as absent.
 * @throws Refusal without an identifier, or when its two members contradict each other
 */
export function readIdentity(userinfo: Members): { readonly idNat: string; readonly name: string; readonly exercises: readonly string[] } {
  const [nameId, username] = [text(userinfo['SubjectNameID']), text(userinfo['preferred_username'])]
  const idNat = nameId || username
  if (idNat === '' || (username !== '' && username !== idNat)) throw new Refusal("l'identité transmise ne permet pas de vous reconnaître")
  const name = [text(userinfo['given_name']), text(userinfo['family_name'])].filter(Boolean).join(' ') || idNat
  return {
    idNat,
    name: printable(name),
    exercises: [...new Set(list(members(userinfo['SubjectRefPro'])['exercices']).flatMap(labels))].map(printable),
  }
}

function labels(exercise: unknown): string[] {
  const profession = text(members(exercise)['codeProfession']) || 'personnel de la structure'
  const activities = list(members(exercise)['activities'])
  if (activities.length === 0) return [profession]
  return activities.map((activity) => {
    const { raisonSocialeSite, identifiantTechniqueDeLaStructure, codeModeExercice } = members(activity)
    return [profession, text(raisonSocialeSite) || text(identifiantTechniqueDeLaStructure), text(codeModeExercice)].filter(Boolean).join(' – ')
  })
}

/** A terminal obeys control characters: none of what was received goes through. */
function printable(received: string): string {
  return received.replaceAll(/\p{Cc}/gu, ' ')
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
