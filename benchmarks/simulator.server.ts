import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createBook } from '#core/book.ts'
import { systemClock } from '#core/clock.ts'
import { createMask } from '#core/secret.ts'
import { personas, read } from '#fixtures/load.ts'
import { type OpProfile, startOpenIdProvider } from '#simulators/openid-provider/index.ts'
import { openLocalCa } from '#simulators/wire/local-ca.ts'
import { createJournalFiles } from '#suites/journal-files.ts'
import { keyedDigest } from '#suites/local-cast.ts'
import { startBareProvider } from './bare-provider.ts'

/** Child process of simulator.bench.ts: one kind of provider, its endpoints on the channel to the parent. */
const [kind, folder = '', clientJson = '{}'] = process.argv.slice(2)
const client = JSON.parse(clientJson) as { id: string; secret: string; redirectUri: string; turn: number }
mkdirSync(folder, { recursive: true })
const ca = await openLocalCa(`${folder}/pki`, Date.now())
const accounts = [...personas().values()].map(({ id, title, idNat, account, claims: { sub: _, ...claims } }) => ({
  id,
  title,
  nationalId: idNat,
  subject: account.sub,
  claims,
}))

const profile = read<OpProfile>('federations/psc/profile.json')

let turn: (upTo: number) => void = () => {}

if (kind === 'bare') {
  const { endpoints } = await startBareProvider({ ca, profile, accounts, client })
  process.send?.({ endpoints, ca: ca.certificate })
} else {
  const files = createJournalFiles(folder)
  const key = randomBytes(32).toString('hex')
  const book = createBook(systemClock, files.keep)
  const provider = await startOpenIdProvider({
    profile,
    accounts,
    client: { id: client.id, auth: 'client_secret_basic', secret: client.secret, redirectUris: [client.redirectUri], postLogoutRedirectUris: [] },
    ports: { wallet: 0, auth: 0 },
    ca,
    book,
    mask: createMask((value) => keyedDigest(key, value)),
  })
  // As units do: a flow is opened before its turn and closed after it.
  let opened = 0
  turn = (upTo) => {
    for (let index = Math.max(0, opened - client.turn); index < opened; index++) {
      provider.closeFlow(`f${index}`)
      book.forget(`f${index}`)
    }
    for (; opened < upTo; opened++) {
      files.assign(`f${opened}`, `banc/${opened % 8}`)
      provider.openFlow({ id: `f${opened}`, faults: [], persona: 'canari', means: 'card' })
    }
  }
  const protocol = `${provider.issuer}/protocol/openid-connect`
  process.send?.({
    endpoints: { authorization: `${provider.walletOrigin}/auth`, token: `${protocol}/token`, userinfo: `${protocol}/userinfo` },
    ca: ca.certificate,
  })
}

// Asked before and after each turn; the flows of the next one are ready when the answer leaves.
process.on('message', (upTo: number) => {
  turn(upTo)
  const { user, system } = process.cpuUsage()
  process.send?.((user + system) / 1e6)
})
