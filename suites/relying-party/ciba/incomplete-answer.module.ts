import { defineModule, phone, refused } from '#core/module.ts'

export default defineModule({
  id: 'rp/ciba/incomplete-answer',
  title: 'Une réponse incomplète à la demande est refusée',
  requirements: ['openid-ciba@1.0/7.3-acknowledgement'],
  appliesTo: { role: 'relying-party', needs: ['ciba'] },
  control: 'rp/ciba/nominal',
  when: phone('sign-in'),
  then: refused({ leaving: ['no-session', 'no-token-call', 'no-userinfo-call'] }),
  exclusive: 'simulator',
  catches: ['accepts-incomplete-phone-answer'],
  anchors: [],
  mend: "Exigez auth_req_id et expires_in avant d'attendre le téléphone.",
})
