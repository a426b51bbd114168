import { DEFECTS } from '#targets/reference/dpi/defects.ts'
import { POSTE_DEFECTS } from '#targets/reference/poste/defects.ts'
import { SPA_DEFECTS } from '#targets/reference/spa/defects.ts'

/** A relying party of ours that the suite is proven against: honest in each of its builds, with defects that a browser chooses by cookie. */
export interface Reference {
  readonly id: string
  /** Path of its target file, from the house. */
  readonly target: string
  /** Defect → French one-line description. An id that two references share is the same fault. */
  readonly defects: Readonly<Record<string, string>>
  /** The cookie that names the defects, and the environment in which the product reads it. */
  readonly cookie: string
  readonly env: Readonly<Record<string, string>>
  /** Only a real browser can play it: its pages are made by scripts, or opened from outside. */
  readonly rendering?: true
  /** Its honest builds; the defects are shown by the first one. */
  readonly builds: readonly [Build, ...Build[]]
}

export interface Build {
  readonly id: string
  readonly env: Readonly<Record<string, string>>
}

export const REFERENCES: readonly Reference[] = [
  {
    id: 'dpi',
    target: 'targets/reference/dpi.target.json',
    defects: DEFECTS,
    cookie: 'dpi_defects',
    env: { DPI_DEFECTS: 'by-cookie' },
    builds: [
      { id: 'openid-client', env: {} },
      { id: 'handmade', env: { DPI_CONNECTOR: 'handmade' } },
    ],
  },
  {
    id: 'spa',
    target: 'targets/reference/spa.target.json',
    defects: SPA_DEFECTS,
    cookie: 'spa_defects',
    env: { SPA_DEFECTS: 'by-cookie' },
    rendering: true,
    builds: [{ id: 'oidc-client-ts', env: {} }],
  },
  {
    id: 'poste',
    target: 'targets/reference/poste.target.json',
    defects: POSTE_DEFECTS,
    // A client has no cookies: its driver hands them over as its environment, in capitals.
    cookie: 'poste_defects',
    env: {},
    builds: [{ id: 'poste', env: {} }],
    // What it opens comes from outside the page, which an engine without rendering takes for silence.
    rendering: true,
  },
]
