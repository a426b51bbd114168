/**
 * The members that a brittle DPI was written for. An honest one ignores the others
 * (OpenID Connect Core 1.0 §2 and §5.3.2, RFC 6749 §4.1.2 and §5.1).
 */
const KNOWN = {
  parameter: ['code', 'state', 'iss', 'session_state', 'error', 'error_description', 'error_uri'],
  'token-member': [
    'access_token',
    'token_type',
    'expires_in',
    'refresh_token',
    'refresh_expires_in',
    'id_token',
    'scope',
    'session_state',
    'not-before-policy',
  ],
  claim: [
    ...[
      'iss',
      'sub',
      'aud',
      'azp',
      'exp',
      'iat',
      'nbf',
      'jti',
      'typ',
      'auth_time',
      'nonce',
      'acr',
      'amr',
      'at_hash',
      'c_hash',
      's_hash',
      'sid',
      'session_state',
    ],
    ...[
      'name',
      'given_name',
      'family_name',
      'preferred_username',
      'email',
      'email_verified',
      'SubjectNameID',
      'UITVersion',
      'Palier_Authentification',
    ],
    ...[
      'PSI_Locale',
      'Secteur_Activite',
      'SubjectRole',
      'SubjectOrganization',
      'SubjectOrganizationID',
      'Mode_Acces_Raison',
      'Acces_Regulation_Medicale',
    ],
    ...['otherIds', 'otherIDs', 'SubjectRefPro', 'authMode', 'authenticationMode'],
  ],
} as const

/** The first member that nobody had foreseen. */
export function unknownMember(kind: keyof typeof KNOWN, members: Iterable<string>): string | undefined {
  return [...members].find((member) => !(KNOWN[kind] as readonly string[]).includes(member))
}
