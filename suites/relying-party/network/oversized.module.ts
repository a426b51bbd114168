import { defineModule, login, observed } from '#core/module.ts'

/** The honest answer, followed by sixteen million bytes of white space, streamed: whoever reads it all could be made to read for ever. */
export default defineModule({
  id: 'rp/network/oversized',
  title: 'Une réponse démesurée n’est pas lue jusqu’au bout',
  requirements: ['psc@2026-11/answer-size'],
  appliesTo: { role: 'relying-party', needs: ['code-flow', 'server-side-calls'] },
  control: 'rp/login/nominal',
  when: login(),
  then: observed('size-capped'),
  catches: ['reads-without-limit'],
  anchors: ['RPA-38'],
  mend: 'Bornez la taille des réponses lues (un mégaoctet suffit largement) et fermez la connexion au-delà.',
})
