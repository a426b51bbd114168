/** A patient who never existed. */
export interface Patient {
  readonly id: string
  readonly name: string
  readonly born: string
  readonly ward: string
  readonly bed: string
  readonly reason: string
  readonly allergies: string
  readonly prescriptions: readonly string[]
}

/** The ward's patients, all fictional. */
export const PATIENTS: readonly Patient[] = [
  {
    id: 'p-001',
    name: 'Aurore TEST-BOREALE',
    born: '12/03/1951',
    ward: 'Cardiologie',
    bed: 'C 102',
    reason: 'Décompensation cardiaque',
    allergies: 'Pénicilline',
    prescriptions: ['Furosémide 40 mg, 1 le matin', 'Bisoprolol 2,5 mg, 1 le matin'],
  },
  {
    id: 'p-002',
    name: 'Célestin TEST-LOMBARD',
    born: '28/09/1978',
    ward: 'Cardiologie',
    bed: 'C 105',
    reason: 'Douleur thoracique',
    allergies: 'Aucune connue',
    prescriptions: ['Aspirine 75 mg, 1 le matin'],
  },
  {
    id: 'p-003',
    name: 'Garance TEST-DUMOULIN',
    born: '03/01/1990',
    ward: 'Maternité',
    bed: 'M 014',
    reason: 'Suites de couches',
    allergies: 'Latex',
    prescriptions: ['Paracétamol 1 g, si douleur'],
  },
  {
    id: 'p-004',
    name: 'Ismaël TEST-KEROUAC',
    born: '17/11/1966',
    ward: 'Pneumologie',
    bed: 'P 221',
    reason: 'Exacerbation de BPCO',
    allergies: 'Aucune connue',
    prescriptions: ['Oxygène 2 L/min', 'Prednisolone 40 mg, 1 le matin'],
  },
  {
    id: 'p-005',
    name: 'Ondine TEST-VALMONT',
    born: '22/06/2015',
    ward: 'Pédiatrie',
    bed: 'E 007',
    reason: 'Asthme aigu',
    allergies: 'Arachide',
    prescriptions: ['Salbutamol, 4 bouffées toutes les 4 heures'],
  },
  {
    id: 'p-006',
    name: 'Théodore TEST-GRANGIER',
    born: '09/08/1943',
    ward: 'Gériatrie',
    bed: 'G 310',
    reason: 'Chute à domicile',
    allergies: 'Iode',
    prescriptions: ['Énoxaparine 4000 UI, 1 par jour'],
  },
]
