import { generate } from '#tools/generate.ts'
import type { Command } from './main.ts'

export const command: Command = {
  summary: '(contributeurs) régénère les identifiants typés des tables et docs/catalogue.md.',
  async run() {
    for (const path of await generate()) console.log(path)
    return 0
  },
}
