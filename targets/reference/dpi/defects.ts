import { HarnessError, nearest } from '#core/errors.ts'

/**
 * Deviations of the OpenID Connect exchange, one each; everything else stays honest. Any of them brings in the handmade connector.
 * `ignores-x` never looks at x; `ignores-missing-x` compares x only when it is there.
 */
export const PROTOCOL_DEFECTS = {
  // Discovery and keys
  'standard-discovery': 'Le document de découverte est cherché sous son nom habituel, openid-configuration',
  'derives-authorization-endpoint': "L'adresse d'autorisation est déduite de l'émetteur au lieu d'être lue dans le document de découverte",
  'believes-discovery-issuer': "L'émetteur annoncé par le document de découverte remplace celui qui est configuré",
  'one-metadata-for-all': 'Les adresses du dernier fournisseur consulté servent à tous',
  'caches-keys-for-ever': 'Les clés du fournisseur sont lues une fois pour toutes',
  'keys-from-login-start': 'Les clés lues au début de la connexion servent encore à sa fin',
  'keeps-withdrawn-keys': 'Une clé que le fournisseur a retirée reste acceptée',
  'hardcodes-keys-address': "L'adresse des clés est écrite dans le code au lieu d'être lue dans le document de découverte",
  'hammers-keys': 'Un jeton refusé fait relire les clés plusieurs fois de suite',
  'rejects-odd-keys': 'Une clé inhabituelle parmi les autres fait refuser tout le jeu de clés',
  'demands-trusted-x5c': 'Un jeu de clés qui porte un certificat autosigné est refusé',
  'trusts-any-published-key': "Une clé publiée pour un autre usage, ou avec sa partie privée, vérifie le jeton d'identité",
  'accepts-weak-keys': 'Une clé RSA trop courte ou d’exposant trop petit est acceptée',
  'trusts-unreadable-key': "Quand la clé publiée est invalide, le jeton d'identité est accepté sans vérification",
  'unverified-without-keys': "Quand aucune clé n'est publiée ou lisible, le jeton d'identité est accepté sans vérification",
  'speaks-http': 'Une adresse en http, sans TLS, est appelée',
  'ignores-discovery-issuer': "L'émetteur annoncé par le document de découverte n'est pas comparé",
  'follows-moved-endpoints': 'Les adresses du canal arrière sont suivies où que la découverte les place',
  'negotiates-down': 'PKCE et l’algorithme de signature suivent ce que la découverte annonce',
  'crashes-on-unknown-metadata': 'Un membre inconnu de la découverte fait planter le DPI',
  // Authorization request
  'implicit-flow': "La demande veut un jeton d'identité dès le retour (flux hybride) au lieu du seul code",
  'no-pkce': 'La demande ne porte pas de défi PKCE',
  'plain-pkce': 'Le défi PKCE est en clair (plain)',
  'fixed-verifier': 'Le vérificateur PKCE est toujours le même',
  'no-state': 'La demande ne porte pas de state',
  'fixed-state': 'Le state est toujours le même',
  'no-nonce': 'La demande ne porte pas de nonce',
  'fixed-nonce': 'Le nonce est toujours le même',
  'no-acr-values': 'La demande ne porte pas de niveau (acr_values)',
  'wrong-scope': 'La demande ne porte pas scope_all',
  'extends-redirect-uri': "L'adresse de retour envoyée est allongée d'un paramètre",
  'secret-in-front-channel': "Le secret du client passe dans l'adresse d'autorisation",
  // Authorization response
  'ignores-state': "Le state du retour n'est jamais comparé",
  'ignores-missing-state': "Un retour sans state est accepté ; le state n'est comparé que s'il est présent",
  'ignores-response-iss': "L'émetteur (iss) du retour n'est jamais comparé",
  'ignores-missing-response-iss': "Un retour sans iss est accepté alors que le fournisseur l'annonce",
  'sends-any-code': 'Un code absent ou vide est tout de même présenté au point de jeton',
  'takes-first-parameter': 'D’un paramètre en double, la première valeur est prise',
  'rejects-unknown-parameters': 'Un paramètre inconnu au retour fait échouer la connexion',
  'shared-redirect-without-iss': "Une seule adresse de retour pour deux fournisseurs, et l'émetteur (iss) du retour n'est pas comparé",
  'provider-in-session': "Le dernier fournisseur choisi sert à toutes les réponses du navigateur, et l'émetteur (iss) du retour n'est pas comparé",
  // Token request and response
  'one-secret-for-all': 'Le secret du premier fournisseur est présenté au second',
  'swaps-client-auth': "Le client s'authentifie par l'autre méthode que celle convenue (Basic ou formulaire)",
  'two-client-authentications': "Le client s'authentifie deux fois dans la même requête (Basic et formulaire)",
  'lasting-assertion': "L'assertion du client (private_key_jwt) vaut une journée",
  'assertion-for-several': "L'assertion du client (private_key_jwt) nomme une seconde audience",
  'drops-verifier': "Le vérificateur PKCE n'est pas envoyé au point de jeton",
  'redeems-code-twice': 'Le code est présenté deux fois au point de jeton',
  'retries-refused-code': 'Un code refusé est présenté une seconde fois',
  'token-type-case-sensitive': "Le type de jeton n'est accepté qu'écrit exactement « Bearer »",
  'crashes-on-unknown-token-member': 'Un membre inconnu de la réponse du point de jeton fait planter le DPI',
  'ignores-token-status': 'La réponse du point de jeton est lue quel que soit son statut HTTP',
  'token-error-opens-session': 'Une réponse de jeton qui ne contient pas de jeton ouvre la session du compte de secours',
  'crashes-on-bad-json': 'Un JSON qui ne se lit pas, ou qui n’est pas un objet, fait planter le DPI',
  'requires-every-token-member': 'Une réponse de jeton sans expires_in, sans scope ou sans refresh_token est refusée',
  'strict-expires-in': 'Une durée de vie (expires_in) qui n’est pas un nombre est refusée',
  'content-type-exact': "Le type de contenu n'est reconnu qu'écrit en minuscules",
  'crashes-on-odd-content': 'Un type de contenu inattendu fait planter le DPI',
  'shows-provider-page': "La page d'erreur du fournisseur est recopiée telle quelle dans celle du DPI",
  'ignores-missing-id-token': "Sans jeton d'identité, la connexion continue avec le seul UserInfo",
  // Network
  'waits-for-ever': "Un appel au fournisseur n'a pas de délai maximal",
  'times-out-headers-only': "Le délai maximal d'un appel s'arrête aux en-têtes : un corps sans fin est attendu sans fin",
  'reads-without-limit': 'La réponse du fournisseur est lue sans limite de taille',
  impatient: 'Le fournisseur n’a que trois dixièmes de seconde pour répondre',
  'cannot-unzip': 'Un corps compressé est lu sans être décompressé',
  'crashes-on-network-error': 'Une coupure ou une réponse illisible du réseau fait planter le DPI',
  'follows-redirects': 'Une redirection rencontrée par le serveur est suivie',
  'accepts-any-certificate': "Le certificat du fournisseur n'est pas vérifié",
  'accepts-other-name': "Le nom porté par le certificat du fournisseur n'est pas comparé",
  'accepts-old-tls': 'TLS 1.0 et 1.1 sont encore parlés avec le fournisseur',
  // Signature of the ID token
  'ignores-signature': "La signature du jeton d'identité n'est pas vérifiée",
  'accepts-alg-none': "Un jeton d'identité sans signature (alg none) est accepté",
  'accepts-hs256-secret': "Un jeton d'identité en HS256 avec le secret du client est accepté",
  'accepts-hs256-public-key': "Un jeton d'identité en HS256 avec la clé publique prise comme secret est accepté",
  'accepts-any-alg': "Un jeton d'identité signé par une clé publiée est accepté sous n'importe quel algorithme",
  'alg-none-blocklist': 'Seul « none » écrit exactement ainsi est écarté : « NoNe », vide ou absent passent',
  'trusts-header-jwk': 'La clé que le jeton porte dans son en-tête (jwk, kid) sert à le vérifier',
  'follows-jku': "Les clés sont lues à l'adresse que le jeton donne (jku, jwk, kid)",
  'follows-x5u': "Le certificat est lu à l'adresse que le jeton donne (x5u)",
  'trusts-header-x5c': 'Un certificat que le jeton porte (x5c) sert à le vérifier',
  'fetches-token-urls': "Les adresses que le jeton porte sont appelées, même si la réponse n'est pas crue",
  'looks-kid-up': 'Le kid reçu sert de chemin de fichier ou entre dans une requête, sans contrôle',
  'kidless-unverified': "Un jeton d'identité sans kid est accepté sans vérification",
  'requires-kid': "Un jeton d'identité sans kid est refusé même quand une seule clé est publiée",
  'ignores-crit': "Une extension critique inconnue (crit) de l'en-tête est ignorée",
  'crashes-on-unknown-header': "Un membre inconnu de l'en-tête du jeton fait planter le DPI",
  'reads-header-claims': "Les revendications placées dans l'en-tête du jeton l'emportent sur celles du contenu",
  'first-duplicate-wins': "D'une revendication en double, la première valeur l'emporte",
  'lenient-compact-parsing': "Un jeton d'identité mal formé est lu comme on peut, sans vérification",
  'truncates-token': "Un jeton d'identité de plus de 4 096 caractères est coupé",
  'trusts-unknown-key': "Un jeton d'identité dont la clé (kid) n'est pas publiée est accepté sans vérification",
  // Claims of the ID token
  'ignores-iss': "L'émetteur (iss) n'est pas contrôlé",
  'keys-by-claimed-issuer': "L'émetteur (iss) du jeton n'est pas comparé au fournisseur interrogé : il sert tel quel à désigner le compte",
  'ignores-missing-iss': "Un jeton d'identité sans émetteur (iss) est accepté",
  'ignores-aud': "L'audience (aud) n'est pas contrôlée",
  'ignores-missing-aud': "Un jeton d'identité sans audience (aud) est accepté",
  'ignores-multiple-aud': 'Une audience (aud) qui nomme un second client est acceptée',
  'rejects-aud-array': 'Une audience (aud) écrite en tableau est refusée',
  'ignores-azp': "La partie autorisée (azp) n'est pas contrôlée",
  'ignores-exp': "L'expiration (exp) n'est pas contrôlée",
  'ignores-missing-exp': "Un jeton d'identité sans expiration (exp) est accepté",
  'compares-iss-loosely': "L'émetteur (iss) est comparé à la casse, au port ou à une barre près",
  'coerces-exp': 'Une expiration (exp) écrite en texte est convertie en nombre',
  'accepts-endless-exp': 'Une expiration (exp) dans des millions d’années est acceptée',
  'wide-clock-tolerance': "L'expiration (exp) est tolérée jusqu'à une heure",
  'ignores-iat-age': "Un jeton d'identité émis il y a longtemps (iat) est accepté",
  'ignores-future-iat': "Un jeton d'identité émis dans le futur (iat) est accepté",
  'ignores-at-hash': "L'empreinte du jeton d'accès (at_hash) n'est pas comparée",
  'ignores-nbf': 'Un jeton qui n’est pas encore valable (nbf) est accepté',
  'ignores-missing-iat': "Un jeton d'identité sans date d'émission (iat) est accepté",
  'ignores-nonce': "Le nonce n'est jamais comparé",
  'ignores-missing-nonce': "Un jeton d'identité sans nonce est accepté ; le nonce n'est comparé que s'il est présent",
  'ignores-missing-sub': "Un jeton d'identité sans sujet (sub) est accepté",
  'accepts-malformed-sub': 'Un sujet (sub) vide, trop long ou qui n’est pas un texte est accepté',
  'ignores-acr': "Le niveau (acr) n'est jamais contrôlé",
  'accepts-missing-acr': 'Un niveau (acr) absent est accepté',
  'accepts-lower-acr': 'Un niveau (acr) inférieur à celui demandé est accepté',
  'accepts-unknown-acr': 'Un niveau (acr) inconnu est accepté',
  'acr-loose': 'Un niveau (acr) est reconnu sans égard à la casse ni aux blancs',
  'acr-by-prefix': 'Un niveau (acr) qui commence comme un niveau connu est accepté',
  'acr-any-of-several': 'Un niveau (acr) donné en liste, en objet ou à plusieurs valeurs est accepté si eidas1 y figure',
  'acr-as-number': 'Un niveau (acr) est comparé comme un nombre',
  'acr-from-userinfo': "Le niveau (acr) absent du jeton d'identité est lu dans le UserInfo",
  'ignores-amr': 'Les facteurs (amr) annoncés ne sont jamais comparés au niveau',
  'accepts-malformed-amr': 'Des facteurs (amr) qui ne sont pas une liste sont acceptés',
  'requires-amr': "Un jeton d'identité sans facteurs (amr) est refusé",
  'amr-exact': 'Seuls CARD ou ECPS, seuls, sont acceptés comme facteurs (amr)',
  'no-max-age': 'La demande ne porte pas d’ancienneté maximale (max_age)',
  'ignores-auth-time': "La date d'authentification (auth_time) n'est jamais contrôlée",
  'ignores-missing-auth-time': "Un jeton d'identité sans date d'authentification est accepté alors qu'elle a été demandée",
  'accepts-future-auth-time': "Une date d'authentification à venir est acceptée",
  'accepts-malformed-auth-time': "Une date d'authentification qui n'est pas un nombre est acceptée",
  'rejects-higher-acr': 'Un niveau (acr) supérieur à celui demandé est refusé',
  'crashes-on-unknown-claim': 'Une revendication inconnue fait planter le DPI',
  'session-before-refusal': "La session est ouverte avant les contrôles (jeton d'identité, annuaire) et reste malgré le refus",
  // UserInfo
  'calls-userinfo-first': "Le UserInfo est appelé avant que le jeton d'identité soit contrôlé",
  'ignores-userinfo-sub': "Le sujet (sub) du UserInfo n'est jamais comparé",
  'ignores-userinfo-missing-sub': 'Un UserInfo sans sujet (sub) est accepté',
  'token-in-query': "Le jeton d'accès est envoyé au UserInfo dans l'adresse au lieu de l'en-tête",
  'userinfo-sub-among-others': 'Un UserInfo dont le sujet (sub) est une liste qui contient le bon est accepté',
  'ignores-repeated-members': "Un membre présent deux fois dans une réponse JSON n'est pas remarqué",
  'prefers-username': "preferred_username passe avant SubjectNameID, sans remarquer qu'ils se contredisent",
  'prefers-name-id': 'SubjectNameID est pris sans remarquer que preferred_username le contredit',
  'trusts-userinfo-pivot': "L'identifiant national du UserInfo n'est pas comparé à celui du jeton d'identité",
  'requires-every-claim': 'Un UserInfo auquel manque une donnée habituelle est refusé',
  'merges-aggregated-claims': 'Des données agrégées sont mêlées à l’identité sans vérifier leur signature',
  'fetches-distributed-claims': "L'adresse de données distribuées est appelée avec le jeton d'accès",
  'ignores-userinfo-status': 'La réponse de UserInfo est lue quel que soit son statut HTTP',
  'stale-userinfo': "Quand le UserInfo ne répond pas, l'identité est complétée par l'annuaire local",
  // Refresh
  'never-refreshes': "Le jeton d'accès n'est jamais renouvelé : périmé, il est encore présenté",
  'keeps-old-access-token': "Après un renouvellement, l'ancien jeton d'accès est encore présenté",
  'ignores-refreshed-iss': "L'émetteur (iss) d'un jeton d'identité renouvelé n'est pas contrôlé",
  'ignores-refreshed-sub': "Le sujet (sub) d'un jeton d'identité renouvelé n'est pas comparé à celui de la connexion",
  'ignores-refreshed-aud': "L'audience (aud) d'un jeton d'identité renouvelé n'est pas contrôlée",
  'ignores-refreshed-signature': "La signature d'un jeton d'identité renouvelé n'est pas vérifiée",
  'ignores-refreshed-exp': "L'expiration (exp) d'un jeton d'identité renouvelé n'est pas contrôlée",
  // Logout request
  'logout-without-hint': 'La demande de déconnexion ne porte pas id_token_hint',
  // Logout token
  'logout-ignores-signature': "La signature du jeton de déconnexion n'est pas vérifiée",
  'logout-accepts-alg-none': 'Un jeton de déconnexion sans signature (alg none) est accepté',
  'logout-accepts-hs256-secret': 'Un jeton de déconnexion en HS256 avec le secret du client est accepté',
  'logout-accepts-hs256-public-key': 'Un jeton de déconnexion en HS256 avec la clé publique prise comme secret est accepté',
  'logout-trusts-unknown-key': "Un jeton de déconnexion dont la clé (kid) n'est pas publiée est accepté sans vérification",
  'logout-ignores-iss': "L'émetteur (iss) du jeton de déconnexion n'est pas contrôlé",
  'logout-ignores-missing-iss': 'Un jeton de déconnexion sans émetteur (iss) est accepté',
  'logout-ignores-aud': "L'audience (aud) du jeton de déconnexion n'est pas contrôlée",
  'logout-ignores-missing-aud': 'Un jeton de déconnexion sans audience (aud) est accepté',
  'logout-ignores-exp': "L'expiration (exp) du jeton de déconnexion n'est pas contrôlée",
  'logout-ignores-missing-exp': 'Un jeton de déconnexion sans expiration (exp) est accepté',
  'logout-ignores-missing-iat': "Un jeton de déconnexion sans date d'émission (iat) est accepté",
  'logout-ignores-missing-jti': 'Un jeton de déconnexion sans identifiant (jti) est accepté',
  'logout-ignores-missing-events': 'Un jeton de déconnexion sans événement (events) est accepté',
  'logout-ignores-events': "L'événement (events) du jeton de déconnexion n'est pas lu",
  'logout-accepts-nobody': 'Un jeton de déconnexion qui ne nomme ni session ni professionnel est accepté',
  'logout-accepts-nonce': 'Un jeton de déconnexion qui porte un nonce est accepté',
  'logout-accepts-id-token': "Un jeton d'identité est accepté comme jeton de déconnexion",
  'logout-accepts-replay': 'Un jeton de déconnexion déjà reçu est accepté de nouveau',
  'logout-refuses-aud-array': 'Un jeton de déconnexion dont l’audience (aud) est un tableau est refusé',
  'logout-crashes-on-unknown-claim': 'Une revendication inconnue du jeton de déconnexion fait planter le DPI',
  'logout-requires-type': 'Un jeton de déconnexion dont l’en-tête ne dit pas « logout+jwt » est refusé',
} as const

/** Deviations of the website around the exchange. */
export const APPLICATION_DEFECTS = {
  // Binding of the answer to the browser
  'state-not-bound-to-browser': 'Les demandes en cours sont communes à tous les navigateurs',
  'lax-cookie-in-form-post': 'Le cookie de session reste « lax » quand la réponse revient par un formulaire : le navigateur ne le renvoie pas',
  'mixes-tabs': 'Une seule demande en cours par navigateur : le second onglet écrase le premier, dont le retour perd la session',
  // What shows in the browser
  'leaks-referrer': 'La page de retour garde le code dans son adresse et le laisse sortir par le référent',
  'leaves-code-in-address': "La page de retour s'affiche sans redirection : le code reste dans la barre d'adresse",
  'token-in-address': "Le jeton d'accès passe dans l'adresse de la page d'accueil",
  'reflects-error-description': "La description d'erreur reçue est affichée sans échappement",
  // Who is let in
  'identifies-by-sub-alone': 'Le compte est désigné par le sujet (sub) seul, quel que soit le fournisseur',
  'account-by-session-provider': 'Le compte est cherché chez le dernier fournisseur choisi, au lieu de celui qui a répondu',
  'identifies-by-email': 'Le compte est désigné par le courriel',
  'trusts-any-national-id': "L'identifiant national est cru, quel que soit le fournisseur qui l'annonce",
  'auto-creates-unknown-user': "Un professionnel inconnu de l'annuaire local y est créé",
  'matches-by-name': "L'annuaire local est interrogé par le nom de famille",
  'error-opens-session': "Une réponse d'erreur du fournisseur ouvre la session du compte de secours",
  'outage-opens-session': 'Quand le fournisseur est en panne, la session du compte de secours est ouverte',
  'digits-only-idnat': "L'identifiant national doit être tout en chiffres",
  'refuses-structure-idnat': 'Un identifiant national avec une barre oblique est refusé',
  'requires-email': 'Un professionnel sans courriel est refusé',
  'requires-profession': 'Un professionnel sans code de profession est refusé',
  'requires-exercise': 'Un professionnel sans exercice en cours est refusé',
  'requires-other-ids': 'Un UserInfo où « otherIds » est absent ou écrit autrement est refusé',
  'matches-by-other-ids': "L'annuaire local est aussi interrogé par les autres identifiants (otherIds)",
  'guesses-from-sub': "Sans identité, l'identifiant national est déduit du sujet (sub) et le reste vient de l'annuaire",
  'keeps-first-identity': "L'identité de la première connexion est gardée pour les suivantes",
  'picks-first-exercise': 'Le premier exercice est pris sans demander',
  'survives-refused-refresh': 'Un renouvellement refusé par le fournisseur laisse la session ouverte',
  'session-follows-access-token': "La session se ferme avec la durée du jeton d'accès",
  // Names
  'mangles-accents': 'Les accents du nom affiché sont abîmés (UTF-8 lu en latin1)',
  'renders-names-as-html': 'Le nom affiché est inséré dans la page sans échappement',
  'renders-names-as-template': 'Le nom affiché passe par un moteur de gabarits',
  'truncates-names': 'Le nom affiché est coupé à 20 caractères',
  'cuts-at-apostrophe': "Le nom affiché est coupé à l'apostrophe",
  // Refusals and outages
  'cancel-loops': "Après un abandon, la connexion est relancée d'elle-même",
  'no-retry-after-cancel': 'Après un refus ou un abandon, aucune connexion ne réussit plus',
  'shows-client-secret': "La page d'erreur affiche la configuration du client, secret compris",
  'silent-refusal': 'Un refus ramène à la page de connexion sans rien dire',
  'stuck-after-outage': 'Après une panne du fournisseur, le DPI se croit toujours en panne',
  'never-answers': 'Le retour de connexion ne répond jamais',
  'always-refuses': 'Toute connexion est refusée',
  // Logout
  'local-logout-only': 'La déconnexion ne ferme que la session locale',
  'logout-keeps-session': 'La déconnexion laisse la session locale ouverte',
  'logout-requires-state': 'Un retour de déconnexion sans state est une erreur',
  // Logout told by the provider
  'logout-notice-ignored': 'Le jeton de déconnexion est accepté, mais la session reste ouverte',
  'logout-notice-closes-all': 'Un jeton de déconnexion ferme toutes les sessions du professionnel, même si une seule est nommée',
  'logout-notice-needs-sid': 'Un jeton de déconnexion qui ne nomme que le professionnel (sub) ne ferme rien',
  'logout-notice-needs-sub': 'Un jeton de déconnexion qui ne nomme que la session (sid) est refusé',
  'logout-notice-closes-everyone': 'Un jeton de déconnexion ferme toutes les sessions, de qui que ce soit',
  'logout-notice-cacheable': 'La réponse à un jeton de déconnexion peut être mise en cache',
  'logout-notice-crashes': 'Un jeton de déconnexion pour une session inconnue fait planter le DPI',
  'logout-notice-empty-accepted': 'Une annonce de déconnexion sans jeton est acceptée',
} as const

/** Every defect: id → French one-line description. */
export const DEFECTS = { ...PROTOCOL_DEFECTS, ...APPLICATION_DEFECTS } as const
export type Defect = keyof typeof DEFECTS
export type Defects = ReadonlySet<Defect>

/** The honest DPI. */
export const NO_DEFECT: Defects = new Set()

/**
 * Reads a list of defects, separated by commas (or `+` and `|`, which a cookie may hold as well).
 * @throws HarnessError UNKNOWN_ID with the nearest names
 */
export function parseDefects(list: string): Defects {
  const names = list.split(/[\s,+|]+/).filter(Boolean)
  for (const name of names) {
    if (isDefect(name)) continue
    const close = nearest(name, Object.keys(DEFECTS))
    throw new HarnessError('UNKNOWN_ID', `Défaut inconnu : « ${name} ».`, {
      fix:
        close.length > 0
          ? `Vouliez-vous dire ${close.map((known) => `« ${known} »`).join(' ou ')} ?`
          : 'La liste est dans targets/reference/dpi/defects.ts.',
    })
  }
  return new Set(names.filter(isDefect))
}

/** Only the handmade connector can be told to deviate. */
export function needsHandmade(defects: Defects): boolean {
  return [...defects].some((defect) => Object.hasOwn(PROTOCOL_DEFECTS, defect))
}

function isDefect(name: string): name is Defect {
  return Object.hasOwn(DEFECTS, name)
}
