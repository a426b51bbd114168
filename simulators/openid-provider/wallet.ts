import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import type Provider from 'oidc-provider'
import type { Flow } from './flows.ts'
import type { Account, OpProfile } from './profile.ts'

/** Stands for the identifier of the request in the page that is kept. */
const MARK = '@@'

/** Where the pages of the wallet stand. */
export const WALLET_PATH = '/connexion/'

/** The page where the professional chooses a means. */
export interface Wallet {
  /** Answers `/connexion/<uid>`. */
  handle(request: IncomingMessage, response: ServerResponse, flow: Flow | undefined): Promise<void>
}

export function createWallet(provider: Provider, profile: OpProfile, accounts: readonly Account[]): Wallet {
  const byId = new Map(accounts.map((account) => [account.id, account]))
  const rendered = new Map<string, readonly [Buffer, Buffer]>()
  /** The page before and after the identifier of the request: all that changes from one to the next. */
  const parts = (clientId: string, persona: string | undefined) => {
    const known = rendered.get(`${clientId} ${persona}`)
    if (known) return known
    const [before = '', after = ''] = page(profile, accounts, MARK, clientId, persona).split(MARK)
    const made = [Buffer.from(before), Buffer.from(after)] as const
    rendered.set(`${clientId} ${persona}`, made)
    return made
  }
  return {
    async handle(request, response, flow) {
      try {
        if (request.method === 'POST') {
          const form = parse(await readBody(request))
          const account = byId.get(String(form['identite']))
          if (form['moyen'] === 'annuler' || !account) {
            await provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'User cancelled the login' })
          } else {
            const means = form['moyen'] === 'e-cps' ? 'e-cps' : 'card'
            await provider.interactionFinished(
              request,
              response,
              { login: { accountId: account.subject, acr: profile.acr, amr: [...profile.means[means].amr] } },
              { mergeWithLastSubmission: false },
            )
          }
          return
        }
        // The page only names the service: who may answer is checked when the form comes back.
        const asked = await provider.Interaction.find(request.url?.slice(WALLET_PATH.length) ?? '')
        if (!asked) throw new Error('no such interaction')
        const { uid, params } = asked
        const [before, after] = parts(String(params['client_id']), flow?.persona)
        send(response, 200, Buffer.concat([before, Buffer.from(uid), after]))
      } catch {
        send(response, 400, expired())
      }
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) {
    body += chunk
    if (body.length > 10_000) throw new Error('form too large')
  }
  return body
}

function send(response: ServerResponse, status: number, html: string | Buffer): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }).end(html)
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#eef1f6;color:#16233b}header{background:#16233b;color:#fff;padding:14px 24px}
header small{color:#c3cde0}main{max-width:34rem;margin:32px auto;background:#fff;padding:24px 32px;border-radius:8px}label,select,button{display:block;width:100%;box-sizing:border-box;font:inherit}
select{padding:10px;margin:4px 0 16px}button{padding:14px;margin:8px 0;border:2px solid #1f4fd8;border-radius:6px;background:#1f4fd8;color:#fff;cursor:pointer}
button.second{background:#fff;color:#1f4fd8}button.plain{border-color:transparent;background:none;color:#16233b;text-decoration:underline}button:focus-visible,select:focus-visible{outline:3px solid #f5a300}`

function shell(title: string, body: string): string {
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head><body><header><strong>Pro Santé Connect</strong> <small>simulateur – identités fictives</small></header><main>${body}</main></body></html>`
}

function page(profile: OpProfile, accounts: readonly Account[], uid: string, clientId: string, persona: string | undefined): string {
  const options = accounts
    .map(
      (account) =>
        `<option value="${account.id}"${account.id === persona ? ' selected' : ''}>${escapeHtml(`${account.claims['given_name']} ${account.claims['family_name']} – ${account.title}`)}</option>`,
    )
    .join('')
  return shell(
    'Connexion – Pro Santé Connect (simulateur)',
    `<h1>Se connecter</h1><p>Le service « ${escapeHtml(clientId)} » demande votre identité.</p>
<form method="post" action="/connexion/${uid}"><label for="identite">Professionnel</label><select id="identite" name="identite">${options}</select>
<button name="moyen" value="card">${profile.means.card.label}</button><button class="second" name="moyen" value="e-cps">${profile.means['e-cps'].label}</button>
<button class="plain" name="moyen" value="annuler">Annuler</button></form>`,
  )
}

function expired(): string {
  return shell('Session expirée', '<h1>Votre demande de connexion a expiré</h1><p>Retournez dans votre logiciel et recommencez.</p>')
}

/** The page that the provider shows while it reports the end of a session to a product. */
export function framePage(address: string): string {
  return shell(
    'Fin de session – Pro Santé Connect (simulateur)',
    `<h1>Vous êtes déconnecté</h1><p>Les services ouverts sont prévenus.</p><iframe title="Fin de session" src="${escapeHtml(address)}" hidden></iframe>`,
  )
}

/** The page from which somebody posts an answer that was held back; it stands for any other site. */
export function carriedPage(to: string, fields: URLSearchParams): string {
  const inputs = [...fields].map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
  return shell(
    'Réponse portée ailleurs (simulateur)',
    `<h1>Réponse interceptée</h1><form method="post" action="${escapeHtml(to)}">${inputs.join('')}<button>Envoyer la réponse</button></form>`,
  )
}

/** The page of a request that the provider refuses without sending the browser back. */
export function refusal(error: string, description: string): string {
  return shell('Demande refusée', `<h1>Demande refusée</h1><p>${escapeHtml(error)}${description ? ` : ${escapeHtml(description)}` : ''}</p>`)
}
