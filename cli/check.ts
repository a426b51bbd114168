import { check } from '#tools/check.ts'
import type { Command } from './main.ts'

export const command: Command = {
  summary: '(contributeurs) types, style, murs, tables, code inutilisé.',
  run: async () => ((await check()) ? 0 : 1),
}
