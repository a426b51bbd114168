import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { HOUSE } from './certify.ts'
import type { Command } from './main.ts'

/**
 * The defects that every test run plays, a few of each kind; `npm run kill` plays the whole matrix, over three references, and
 * `npm run kill -- --engine both` compares the engines on all of it. That takes long on a small machine.
 */
const PART = [
  ...['ignores-aud', 'ignores-iss', 'ignores-exp', 'ignores-nonce', 'ignores-signature', 'accepts-alg-none', 'accepts-hs256-secret', 'ignores-azp'],
  ...[
    'ignores-state',
    'ignores-response-iss',
    'accepts-missing-acr',
    'accepts-lower-acr',
    'ignores-userinfo-sub',
    'no-pkce',
    'plain-pkce',
    'fixed-state',
  ],
  ...['redeems-code-twice', 'retries-refused-code', 'stuck-after-outage', 'local-logout-only', 'logout-without-hint', 'mixes-tabs', 'leaks-referrer'],
  ...[
    'reflects-error-description',
    'auto-creates-unknown-user',
    'truncates-names',
    'lax-cookie-in-form-post',
    'lasting-assertion',
    'logout-ignores-aud',
  ],
]
/** Those on which both engines are compared. */
const COMPARED = ['ignores-aud', 'ignores-nonce', 'accepts-lower-acr', 'ignores-userinfo-sub', 'truncates-names', 'local-logout-only']

/** The proofs about ourselves, in order; all are run, whatever the first ones say. */
const PROOFS: readonly { readonly title: string; readonly run: () => Promise<number> }[] = [
  { title: 'Vérifications statiques : types, style, murs, tables, code inutilisé', run: async () => (await import('./check.ts')).command.run([]) },
  { title: 'Tests unitaires', run: () => vitest() },
  {
    title: 'Matrice des défauts : chaque sorte, puis l’accord des deux moteurs sur quelques-uns',
    run: async () => {
      const { command: kill } = await import('./kill.ts')
      const part = await kill.run(['--reference', 'dpi', ...PART.flatMap((id) => ['--defect', id])])
      return (await kill.run(['--engine', 'both', '--reference', 'dpi', ...COMPARED.flatMap((id) => ['--defect', id])])) || part
    },
  },
]

export const command: Command = {
  summary: '(contributeurs) tests unitaires, murs, tables, matrice des défauts.',
  async run() {
    const failed: string[] = []
    for (const { title, run } of PROOFS) {
      console.log(`\n── ${title}`)
      if ((await run()) !== 0) failed.push(title)
    }
    console.log(failed.length === 0 ? '\nTout est vert.' : `\nEn échec : ${failed.join(' ; ')}.`)
    return failed.length === 0 ? 0 : 1
  },
}

function vitest(): Promise<number> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(HOUSE, 'node_modules/vitest/vitest.mjs'), 'run'], { cwd: HOUSE, stdio: 'inherit' })
    child.on('exit', (code) => done(code ?? 1))
  })
}
