import { withBase } from 'vitepress';
import { defineComponent, h, onMounted, ref } from 'vue';
import { runCode } from './run-code.js';

/** A block of code to run, and to change, in the page: with the package that the site was built with. */
export const LiveCode = defineComponent({
  props: { code: { type: String, required: true } },
  setup(props, { slots }) {
    const code = ref(decodeURIComponent(props.code).trimEnd());
    const isEdited = ref(false);
    // The page is there as HTML before its script: until then a click would be lost.
    const isReady = ref(false);
    onMounted(() => {
      isReady.value = true;
    });
    const isRunning = ref(false);
    const lines = ref<string[]>();

    async function run() {
      isRunning.value = true;
      lines.value = [];
      const library = new URL(withBase('/matfac/index.js'), location.href).href;
      await runCode(code.value, library, (line) => lines.value?.push(line));
      isRunning.value = false;
    }

    return () =>
      h('div', { class: 'live-code' }, [
        isEdited.value
          ? h('textarea', {
              value: code.value,
              rows: code.value.split('\n').length + 1,
              spellcheck: false,
              'aria-label': 'Code to run',
              onInput: (event: Event) => {
                code.value = (event.target as HTMLTextAreaElement).value;
              },
            })
          : slots.default?.(),
        h('div', { class: 'live-code-bar' }, [
          h(
            'button',
            { type: 'button', disabled: !isReady.value || isRunning.value, onClick: run },
            isRunning.value ? 'Running …' : 'Run',
          ),
          isEdited.value
            ? null
            : h(
                'button',
                {
                  type: 'button',
                  disabled: !isReady.value,
                  onClick: () => {
                    isEdited.value = true;
                  },
                },
                'Edit',
              ),
        ]),
        h(
          'pre',
          { class: 'live-code-output', 'aria-live': 'polite', hidden: !lines.value, tabindex: 0 },
          lines.value?.join('\n'),
        ),
      ]);
  },
});
