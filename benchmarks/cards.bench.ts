import { type Card, createReader, createVpcdReader, PcscdClient, startPcscd } from '#simulators/cards/pcsc-mock/index.ts'

/**
 * One exchange with a card that answers at once: in this process, and through a pcscd of our own, interleaved in one run. Target: at least 30
 * times cheaper here. A machine without pcscd says why and measures nothing.
 */
const TARGET = 30
const TURNS = 20
const HERE = 2000
const THERE = 50
const CHALLENGE = Uint8Array.of(0x00, 0x84, 0x00, 0x00, 0x08)

/** Offers T=0 only. */
const card = (): Card => ({
  atr: Uint8Array.of(0x3b, 0x00),
  reset() {},
  powerOff() {},
  transmit: async () => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0x90, 0x00),
})

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

/** Microseconds of one exchange, over so many. */
async function cost(transmit: (command: Uint8Array) => Promise<Uint8Array>, exchanges: number): Promise<number> {
  const started = performance.now()
  for (let exchange = 0; exchange < exchanges; exchange++) await transmit(CHALLENGE)
  return ((performance.now() - started) * 1000) / exchanges
}

const pcscd = await startPcscd({ readers: ['HospiCert Mesure'] })
if (!pcscd.ok) console.log(`Rien n'est mesuré. ${pcscd.message} ${pcscd.fix}`)
else {
  const [slot] = pcscd.readers
  if (!slot) throw new Error('a pcscd without readers')
  const far = createVpcdReader({ name: slot.name, port: slot.port })
  await far.insert(card())
  await far.taken()
  const client = await PcscdClient.open(pcscd.env)
  const there = await client.connect(slot.systemName)
  const near = createReader({ name: 'ici' })
  near.insert(card())
  const here = await near.connect()
  const [fast, slow]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < TURNS; turn++) {
    fast.push(await cost((command) => here.transmit(command), HERE))
    slow.push(await cost((command) => there.transmit(command), THERE))
  }
  console.log(`Un échange dans le même processus          ${median(fast).toFixed(1)} µs`)
  console.log(`Le même à travers pcscd                    ${median(slow).toFixed(0)} µs`)
  console.log(`  rapport                                  ${(median(slow) / median(fast)).toFixed(0).padEnd(22)}cible ≥ ${TARGET}`)
  client.close()
  far.remove()
  await pcscd.stop()
  process.exitCode = median(slow) / median(fast) >= TARGET ? 0 : 1
}
