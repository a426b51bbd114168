import { defineModule, observed, scenario } from '#core/module.ts'

/** What the provider loads in a frame, one row each. */
export default defineModule({
  id: 'rp/front-channel-logout/frame',
  title: 'Le cadre de fin de session ferme la session qu’il nomme, et elle seule',
  requirements: ['oidc-frontchannel@1.0/2-session-closed'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'front-channel-logout'] },
  control: 'rp/login/nominal',
  when: scenario([{ step: 'sign-in' }, { step: 'front-channel-logout' }, { step: 'forget', whose: 'provider' }, { step: 'visit' }]),
  then: observed('session-closed'),
  rendering: 'le fournisseur charge l’adresse du produit dans un cadre',
  catches: [],
  anchors: ['LGO-13'],
  mend: 'Retrouvez la session par sid, après avoir contrôlé iss : un navigateur n’envoie pas votre cookie dans le cadre d’un autre site.',
})
