import { accepted, defineModule, login } from '#core/module.ts'

/** A token signed by a new key makes the product read the set; one key in it is unusual, and none of its business. */
export default defineModule({
  id: 'rp/keys/odd-keys',
  title: "Une clé inhabituelle parmi les autres n'empêche pas la connexion",
  requirements: ['rfc7517@2015/5-unknown'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'key-refresh'] },
  control: 'rp/login/nominal',
  when: login(),
  then: accepted(),
  exclusive: 'simulator',
  catches: ['rejects-odd-keys'],
  anchors: ['DSK-10'],
  mend: 'Parcourez le jeu de clés en laissant de côté celles que vous ne comprenez pas ; choisissez par kid, type, usage et algorithme.',
})
