import type { Card } from '#core/device.ts'
import type { Face } from './access.ts'
import { createExchange, type Exchange, type Execute } from './exchange.ts'

/** Which face of a chip has power: one at a time, as there is one chip. */
export interface Supply {
  face: Face | undefined
}

/**
 * One face of a chip as a card. A reset of one face ends the session of the other. Without power it says nothing (an empty answer); a front
 * resets before it talks. `open` begins a power session and gives what carries out its commands.
 */
export function createFace(options: {
  readonly atr: Uint8Array
  readonly protocol: 'T=0' | 'T=1'
  readonly face: Face
  readonly supply: Supply
  readonly open: () => Execute
  /** The power session is over. */
  readonly close?: () => void
}): Card {
  const { atr, protocol, face, supply, open, close } = options
  let exchange: Exchange | undefined
  return {
    atr,
    reset() {
      supply.face = face
      exchange = createExchange(protocol, open())
    },
    powerOff() {
      exchange = undefined
      if (supply.face !== face) return
      supply.face = undefined
      close?.()
    },
    async transmit(command) {
      return supply.face === face && exchange ? exchange.transmit(command) : new Uint8Array()
    },
  }
}
