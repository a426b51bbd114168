import { defineModule, login, refused } from '#core/module.ts'

/** One row an endpoint and a status; the other host only listens, and writes down what it was brought. */
export default defineModule({
  id: 'rp/network/redirected',
  title: 'Un appel du serveur ne suit pas une redirection vers un autre hôte',
  requirements: ['rfc9110@2022/15.4-redirection'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'server-side-calls'] },
  control: 'rp/login/nominal',
  when: login(),
  then: refused({ leaving: ['no-identity'], also: ['redirect-not-followed'] }),
  catches: ['follows-redirects'],
  anchors: ['TKE-04'],
  mend: 'Interdisez les redirections sur les appels du canal arrière : les points du fournisseur sont ceux de son document de découverte.',
})
