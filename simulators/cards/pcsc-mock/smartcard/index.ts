/**
 * The API of npm `smartcard` 3.7 over virtual readers: the ones of {@link system} by default.
 *
 * Two ways in: hand `Context` and `ReaderMonitor` to the package's own `new Devices({ Context, ReaderMonitor, … })`, or let an import of
 * `smartcard` come here (see `pcsc-mock/alias`).
 */
import { type System, system } from '../reader/system.ts'
import { SCARD } from '../scard.ts'
import { bindingOf } from './context.ts'
import { FEATURES } from './control-codes.ts'
import { Devices as DevicesOver } from './devices.ts'
import type { DevicesOptions } from './types.ts'

/** What `new Devices(…)` of the real package takes, over the readers of one system. */
export function smartcardOver(over: System): Required<DevicesOptions> {
  const { SCARD_STATE_PRESENT, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T1 } = SCARD
  return { ...bindingOf(over), SCARD_STATE_PRESENT, SCARD_SHARE_SHARED, SCARD_PROTOCOL_T0, SCARD_PROTOCOL_T1 }
}

export const { Context, ReaderMonitor } = bindingOf(system)

/** Readers and cards as events; without options, over {@link system}. */
export class Devices extends DevicesOver {
  constructor(options: DevicesOptions = {}) {
    super({ Context: options.Context ?? Context, ReaderMonitor: options.ReaderMonitor ?? ReaderMonitor })
  }
}

export const {
  SCARD_SHARE_EXCLUSIVE,
  SCARD_SHARE_SHARED,
  SCARD_SHARE_DIRECT,
  SCARD_PROTOCOL_T0,
  SCARD_PROTOCOL_T1,
  SCARD_PROTOCOL_RAW,
  SCARD_PROTOCOL_UNDEFINED,
  SCARD_LEAVE_CARD,
  SCARD_RESET_CARD,
  SCARD_UNPOWER_CARD,
  SCARD_EJECT_CARD,
  SCARD_STATE_UNAWARE,
  SCARD_STATE_IGNORE,
  SCARD_STATE_CHANGED,
  SCARD_STATE_UNKNOWN,
  SCARD_STATE_UNAVAILABLE,
  SCARD_STATE_EMPTY,
  SCARD_STATE_PRESENT,
  SCARD_STATE_ATRMATCH,
  SCARD_STATE_EXCLUSIVE,
  SCARD_STATE_INUSE,
  SCARD_STATE_MUTE,
} = SCARD

export const {
  FEATURE_VERIFY_PIN_START,
  FEATURE_VERIFY_PIN_FINISH,
  FEATURE_MODIFY_PIN_START,
  FEATURE_MODIFY_PIN_FINISH,
  FEATURE_GET_KEY_PRESSED,
  FEATURE_VERIFY_PIN_DIRECT,
  FEATURE_MODIFY_PIN_DIRECT,
  FEATURE_MCT_READER_DIRECT,
  FEATURE_MCT_UNIVERSAL,
  FEATURE_IFD_PIN_PROPERTIES,
  FEATURE_ABORT,
  FEATURE_SET_SPE_MESSAGE,
  FEATURE_VERIFY_PIN_DIRECT_APP_ID,
  FEATURE_MODIFY_PIN_DIRECT_APP_ID,
  FEATURE_WRITE_DISPLAY,
  FEATURE_GET_KEY,
  FEATURE_IFD_DISPLAY_PROPERTIES,
  FEATURE_GET_TLV_PROPERTIES,
  FEATURE_CCID_ESC_COMMAND,
} = FEATURES

export { CM_IOCTL_GET_FEATURE_REQUEST, parseFeatures, SCARD_CTL_CODE } from './control-codes.ts'
export {
  CardRemovedError,
  createPCSCError,
  NoReadersError,
  PCSCError,
  ServiceNotRunningError,
  SharingViolationError,
  TimeoutError,
} from './errors.ts'
export { buildGetResponseCommand, CardWrapper, correctLeInCommand, transmitWithAutoResponse, wrapCard } from './responses.ts'
export type {
  Card as CardInterface,
  CardStatus,
  Context as ContextInterface,
  DeviceEvents,
  DevicesOptions,
  MonitorEvent,
  Reader as ReaderInterface,
  ReaderMonitor as ReaderMonitorInterface,
  ReaderState,
  TransmitOptions,
} from './types.ts'
