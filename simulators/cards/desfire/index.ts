export { type BadgePlan, makeBadge } from './badge.ts'
export { createDesfireCard, type DesfireCard, type DesfireOptions } from './card.ts'
export { desfire } from './faults.ts'
export { behindReader } from './reader.ts'
