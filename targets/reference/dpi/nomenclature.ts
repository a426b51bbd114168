/** The few codes of the health directory's nomenclatures that the DPI spells out; an unknown code is shown as it is. */
const PROFESSIONS: Readonly<Record<string, string>> = {
  '10': 'Médecin',
  '21': 'Pharmacien',
  '40': 'Chirurgien-dentiste',
  '50': 'Sage-femme',
  '60': 'Infirmier',
  '70': 'Masseur-kinésithérapeute',
  '80': 'Pédicure-podologue',
}
const MODES: Readonly<Record<string, string>> = { S: 'salarié', L: 'libéral', B: 'bénévole' }

/** Name of a profession; staff without a regulated profession has an empty code. */
export function professionLabel(code: string): string {
  if (code === '') return 'Personnel de la structure'
  return PROFESSIONS[code] ?? `Profession ${code}`
}

/** Name of a mode of exercise, empty when there is none. */
export function modeLabel(code: string): string {
  return MODES[code] ?? code
}
