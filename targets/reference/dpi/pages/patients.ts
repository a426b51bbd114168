import { html, type Markup } from '../html.ts'
import { PATIENTS, type Patient } from '../patients.ts'
import type { SignedIn } from '../session.ts'
import { layout } from './layout.ts'

/** The protected home page. */
export function patientsPage(signedIn: SignedIn, extra: Markup | null = null): string {
  return layout(
    'Mes patients',
    html`<h1>Mes patients</h1>
<table>
<caption>${PATIENTS.length} patients hospitalisés</caption>
<thead><tr><th scope="col">Patient</th><th scope="col">Naissance</th><th scope="col">Service</th><th scope="col">Lit</th></tr></thead>
<tbody>
${PATIENTS.map(({ id, name, born, ward, bed }) => html`<tr><th scope="row"><a href="/dossier/${id}">${name}</a></th><td>${born}</td><td>${ward}</td><td>${bed}</td></tr>`)}
</tbody>
</table>${extra}`,
    signedIn,
  )
}

/** One patient's record. */
export function recordPage({ name, born, ward, bed, reason, allergies, prescriptions }: Patient, signedIn: SignedIn): string {
  return layout(
    name,
    html`<p><a href="/">Mes patients</a></p>
<h1>${name}</h1>
<dl>
<dt>Date de naissance</dt><dd>${born}</dd>
<dt>Service et lit</dt><dd>${ward}, ${bed}</dd>
<dt>Motif</dt><dd>${reason}</dd>
<dt>Allergies</dt><dd>${allergies}</dd>
</dl>
<h2>Prescriptions</h2>
<ul>
${prescriptions.map((line) => html`<li>${line}</li>`)}
</ul>`,
    signedIn,
  )
}
