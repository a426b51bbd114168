import { generate } from '#tools/generate.ts'
import type { Command } from './main.ts'

export const command: Command = {
  summary: '(contributeurs) régénère les identifiants typés des tables.',
  async run() {
    for (const path of generate()) console.log(path)
    return 0
  },
}
