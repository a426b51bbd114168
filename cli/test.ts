import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { HOUSE } from './certify.ts'
import type { Command } from './main.ts'

/** The proofs about ourselves, in order; all are run, whatever the first ones say. */
const PROOFS: readonly { readonly title: string; readonly run: () => Promise<number> }[] = [
  { title: 'Vérifications statiques : types, style, murs, tables, code inutilisé', run: async () => (await import('./check.ts')).command.run([]) },
  { title: 'Tests unitaires', run: () => vitest() },
  {
    title: 'Matrice des défauts, sur toutes les références, et accord des deux moteurs sur la référence et sur chaque défaut',
    run: async () => (await import('./kill.ts')).command.run(['--engine', 'both', '--sample']),
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
