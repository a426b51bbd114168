import type { Entry } from '#core/journal.ts'
import type { UnitRecord } from '#core/record.ts'

/** What a target could write to break a report. */
export const HOSTILE = '<script>alert("piégé")</script>\u001b[31m rouge\u0007 & \u202egnp.exe\u202c \ud800'

const START = Date.parse('2026-11-23T08:15:10.000Z')

type Sketch = Partial<UnitRecord> & Pick<UnitRecord, 'id' | 'verdict' | 'title' | 'reason'>

/** One unit, honest by default: control passed, fault delivered, canary not seen, journal and picture there. */
export function exampleUnit(sketch: Sketch, index = 0): UnitRecord {
  const file = sketch.id.replace(/[/#]/g, '-')
  return {
    kind: 'module',
    requirements: ['oidc-core@1.0/3.1.3.7-3', 'psc@2026-11/refusal-no-session'],
    anchors: [],
    catches: [],
    exclusive: null,
    findings: [],
    expected: "Le connecteur refuse la connexion et n'ouvre aucune session.",
    mend: "Vérifiez que « aud » contient votre identifiant client avant d'ouvrir la session ; la plupart des bibliothèques le font si on leur donne le client_id.",
    faults: [],
    startedAt: new Date(START + index * 9_000).toISOString(),
    duration: 1800 + index * 310,
    worker: index % 2,
    evidence: {
      journal: `journaux/${file}.jsonl`,
      entries: 7,
      screenshots: [{ path: `captures/${file}.png`, moment: 'after-login', title: 'Page du produit après la connexion' }],
    },
    ...sketch,
  }
}

const refusal = {
  control: { id: 'rp/login/nominal', verdict: 'pass' },
  canary: { persona: 'canari', seen: false },
} as const

function fault(id: string, title: string, path: string, before: string | number, after: string | number | undefined, delivered = true) {
  return [{ id, title, site: 'id_token.claims', delivered, changes: [{ path, before, after }] }]
}

/** Every verdict at least once. */
export function exampleUnits(): readonly UnitRecord[] {
  const sketches: readonly Sketch[] = [
    {
      id: 'rp/login/nominal',
      verdict: 'pass',
      title: 'Un professionnel se connecte avec sa carte',
      reason: "La session s'est ouverte au nom du professionnel attendu.",
      requirements: ['hospiconnect@alpha/2.1-cible2-acf', 'psc@2026-11/both-means'],
      expected: "La session s'ouvre au nom du professionnel.",
    },
    {
      id: 'rp/id-token/wrong-audience',
      verdict: 'fail',
      title: "Le connecteur refuse un jeton d'identité destiné à un autre client",
      reason: 'Le produit a ouvert une session au nom de la personne du jeton fautif.',
      ...refusal,
      canary: { persona: 'canari', seen: true },
      faults: fault('id_token.wrong-audience', "L'audience est celle d'un autre client", 'aud', 'dpi-etoile', 'un-autre-client'),
      findings: [
        {
          verdict: 'fail',
          requirement: 'oidc-core@1.0/3.1.3.7-3',
          expected: 'Aucune session : la page dit que personne n’est connecté.',
          observed: `La page affiche « Piou CANARI-FICTIF ». ${HOSTILE}`,
          entries: [6, 7],
        },
      ],
    },
    {
      id: 'rp/id-token/expired',
      verdict: 'accepted-risk',
      title: 'Le connecteur refuse un jeton expiré',
      reason: 'Le produit a ouvert une session avec un jeton expiré depuis une heure.',
      requirements: ['oidc-core@1.0/3.1.3.7-9'],
      ...refusal,
      faults: fault('id_token.expired', 'Le jeton a expiré depuis une heure', 'exp', 1795421700, 1795418100),
      acceptedRisk: { owner: 'Hélène Œuvrard', justification: 'Correctif livré en version 12.5, déjà planifiée.', until: '2027-03-31' },
      findings: [{ verdict: 'fail', expected: 'Aucune session.', observed: 'Une session est ouverte.', entries: [7] }],
    },
    {
      id: 'rp/id-token/wrong-nonce',
      verdict: 'pass',
      title: 'Le connecteur refuse un jeton dont le nonce est celui d’une autre connexion',
      reason: 'Le produit a refusé et personne n’est connecté.',
      requirements: ['oidc-core@1.0/3.1.3.7-11'],
      ...refusal,
      faults: fault('id_token.wrong-nonce', 'Le nonce est celui d’une connexion précédente', 'nonce', '‹masqué 3fa9›', '‹masqué 77c0›'),
    },
    {
      id: 'rp/id-token/signature#bit-flipped',
      kind: 'row',
      verdict: 'inconclusive',
      title: 'Le connecteur refuse un jeton dont un bit de la signature a changé',
      reason: "L'anomalie n'a pas été remise au produit : il n'a pas appelé le point de jeton.",
      requirements: ['psc@2026-11/signature-verified'],
      ...refusal,
      faults: fault('id_token.flipped-bit', 'Un bit de la signature est inversé', 'signature', '…q8Zt', '…q8Zs', false),
    },
    {
      id: 'rp/level/too-low',
      verdict: 'warning',
      title: 'Un niveau d’authentification plus faible est remarqué',
      reason: 'Le produit accepte la connexion sans rien dire du niveau reçu.',
      requirements: ['oidc-core@1.0/3.1.3.7-12'],
      ...refusal,
      faults: fault('id_token.low-acr', 'Le niveau est inférieur à celui demandé', 'acr', 'eidas2', undefined),
      findings: [
        { verdict: 'warning', expected: 'Un refus ou un avertissement.', observed: 'La session est ouverte sans avertissement.', entries: [7] },
      ],
    },
    {
      id: 'rp/logout/complete',
      verdict: 'review',
      kind: 'attestation',
      title: 'Le message de déconnexion est compréhensible',
      reason: 'Une personne doit relire la capture d’écran.',
      requirements: ['psc@2026-11/logout-end-session'],
    },
    {
      id: 'rp/outage/token-endpoint',
      verdict: 'error',
      title: 'Une panne du point de jeton est expliquée',
      reason: "Le navigateur s'est fermé avant la fin de l'épreuve.",
      requirements: ['psc@2026-11/outage'],
      exclusive: 'simulator',
      evidence: { entries: 0, screenshots: [] },
    },
    {
      id: 'rp/exercise/choice',
      verdict: 'inapplicable',
      title: 'Le professionnel choisit sa situation d’exercice',
      reason: 'Le DPI ne gère qu’une situation d’exercice par compte.',
      requirements: ['psc@2026-11/exercise-choice'],
      evidence: { entries: 0, screenshots: [] },
    },
    {
      id: 'rp/authorization-request/pkce',
      kind: 'rule',
      verdict: 'pass',
      title: 'PKCE S256 dans chaque demande d’autorisation',
      reason: 'Vérifié sur 9 demandes d’autorisation.',
      requirements: ['rfc7636@2015/4.2-s256', 'rfc9700@2025/2.1.1-pkce'],
      evidence: { entries: 9, screenshots: [] },
    },
    {
      id: 'rp/login/accents',
      verdict: 'fail',
      title: 'Le nom s’affiche en entier, accents et cédille compris',
      reason: 'Le nom affiché est tronqué.',
      requirements: ['psc@2026-11/names-not-truncated'],
      findings: [
        {
          verdict: 'fail',
          expected: 'Françoise-Éloïse LEMAÎTRE-ÇAVÈS',
          observed: `Fran?oise-?lo?se LEMA ${'très-long-mot-sans-espace'.repeat(30)}`,
          entries: [7],
        },
      ],
    },
    {
      id: 'rp/userinfo/other-sub',
      verdict: 'pass',
      title: 'Le connecteur refuse un UserInfo qui parle de quelqu’un d’autre',
      reason: 'Le produit a refusé et personne n’est connecté.',
      requirements: ['oidc-core@1.0/5.3.2-sub'],
      ...refusal,
      faults: fault('userinfo.other-sub', 'Le « sub » est celui d’une autre personne', 'sub', 'f:00…f1c7:899900000001', 'f:00…f1c7:899900000009'),
    },
  ]
  return sketches.map(exampleUnit)
}

/** A journal as the bench would have recorded it for this unit. */
export function exampleJournal(unit: UnitRecord): readonly Entry[] {
  const base = Date.parse(unit.startedAt)
  const common = (seq: number) => ({ seq, at: new Date(base + seq * 120).toISOString(), flow: unit.id })
  const change = unit.faults[0]
  const exchange = { kind: 'exchange', requestHeaders: {}, responseHeaders: {} } as const
  const entries: Entry[] = [
    { ...common(1), kind: 'action', channel: 'bench', verb: 'login', title: 'Ouvre la page du produit', detail: { persona: 'canari' } },
    {
      ...common(2),
      ...exchange,
      channel: 'browser',
      site: 'authorization',
      method: 'GET',
      url: 'https://wallet.psc.test:19444/auth?client_id=dpi-etoile',
      params: { client_id: 'dpi-etoile', scope: 'openid scope_all', state: '‹masqué 12ab›', hostile: HOSTILE },
      status: 303,
      duration: 8.4,
    },
    { ...common(3), kind: 'navigation', channel: 'browser', method: 'GET', url: 'https://dpi.hopital.example/retour?code=‹masqué 9d›', status: 302 },
    {
      ...common(4),
      kind: 'fault-applied',
      channel: 'back-channel',
      fault: change?.id ?? 'none',
      title: change?.title ?? 'aucune',
      site: 'id_token.claims',
      changes: change?.changes ?? [],
    },
    {
      ...common(5),
      ...exchange,
      channel: 'back-channel',
      site: 'token',
      method: 'POST',
      url: 'https://auth.psc.test:19443/auth/realms/esante-wallet/protocol/openid-connect/token',
      params: { grant_type: 'authorization_code', code: '‹masqué 9d›' },
      status: 200,
      duration: 12.2,
      clientAuth: 'client_secret_basic',
      response: { token_type: 'Bearer', id_token: `‹jeton {"alg":"RS256"} . {"aud":"${'x'.repeat(400)}"} . ‹masqué 01››` },
    },
    { ...common(6), kind: 'fault-delivered', channel: 'back-channel', fault: change?.id ?? 'none', to: 'target' },
    {
      ...common(7),
      kind: 'observation',
      channel: 'bench',
      moment: 'after-login',
      signedIn: unit.verdict === 'fail' ? 'canari' : null,
      url: 'https://dpi.hopital.example/accueil',
      httpStatus: 200,
      text: `Bienvenue ${HOSTILE}`,
      needles: [],
    },
  ]
  return change ? entries : entries.filter(({ kind }) => kind !== 'fault-applied' && kind !== 'fault-delivered')
}
