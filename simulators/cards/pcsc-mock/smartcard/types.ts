/** The shapes of npm `smartcard` 3.7, so that its programs and its `Devices` take ours for their own. */

/** A reader's state, as `waitForChange` tells it. */
export interface ReaderState {
  name: string
  /** `SCARD_STATE_*` flags. */
  state: number
  changed: boolean
  atr: Buffer | null
}

export interface CardStatus {
  state: number
  protocol: number
  atr: Buffer
}

export interface TransmitOptions {
  /** Bytes, status word included. Default 258; at most 262144. */
  maxRecvLength?: number
  /** Fetch what 61xx announces, and ask again after 6Cxx. Default: false. */
  autoGetResponse?: boolean
}

export interface Card {
  readonly protocol: number
  readonly connected: boolean
  readonly atr: Buffer | null
  transmit(command: Buffer | number[], options?: TransmitOptions): Promise<Buffer>
  control(code: number, data?: Buffer | number[]): Promise<Buffer>
  getStatus(): CardStatus
  disconnect(disposition?: number): void
  reconnect(shareMode?: number, protocol?: number, initialization?: number): Promise<number>
}

export interface Reader {
  readonly name: string
  readonly state: number
  readonly atr: Buffer | null
  connect(shareMode?: number, protocol?: number): Promise<Card>
}

export interface Context {
  readonly isValid: boolean
  listReaders(): Reader[]
  /** Null when cancelled, empty when `timeout` (milliseconds) passed. */
  waitForChange(readers?: Reader[] | ReaderState[], timeout?: number): Promise<ReaderState[] | null>
  cancel(): void
  close(): void
}

export interface MonitorEvent {
  type: 'reader-attached' | 'reader-detached' | 'card-inserted' | 'card-removed' | 'error'
  reader: string
  state: number
  atr: Buffer | null
}

export interface ReaderMonitor {
  readonly isRunning: boolean
  start(callback: (event: MonitorEvent) => void): void
  stop(): void
}

export interface ReaderEventInfo {
  name: string
  state?: number
  atr?: Buffer | null
}

export interface DeviceEvents {
  'reader-attached': (reader: ReaderEventInfo) => void
  'reader-detached': (reader: ReaderEventInfo) => void
  'card-inserted': (event: { reader: ReaderEventInfo; card: Card }) => void
  'card-removed': (event: { reader: ReaderEventInfo; card: Card | null }) => void
  error: (error: Error) => void
}

export interface DevicesOptions {
  Context?: new () => Context
  ReaderMonitor?: new () => ReaderMonitor
  SCARD_STATE_PRESENT?: number
  SCARD_SHARE_SHARED?: number
  SCARD_PROTOCOL_T0?: number
  SCARD_PROTOCOL_T1?: number
}
