import type { Page, Locator as PageLocator } from 'playwright'
import type { Driver, DriverContext, Gesture, Locator, Recipe, Seen } from '#core/driver.ts'
import { HarnessError } from '#core/errors.ts'

/** Milliseconds after which what was visible a moment ago has gone. */
const GONE = 500

/** The driver that a declarative recipe describes. Errors name the path of the setting in the target file. */
export function recipeDriver(recipe: Recipe): Driver {
  const visible = (page: Page, locator: Locator | undefined) => (locator ? find(page, locator).first().isVisible() : Promise.resolve(false))

  async function startLogin(page: Page, context: DriverContext): Promise<void> {
    await open(page, context)
    for (const [index, gesture] of recipe.login.entries()) await act(page, gesture, `driver.login[${index}]`, context)
  }

  async function open(page: Page, context: DriverContext): Promise<void> {
    const url = new URL(recipe.start, context.baseUrl).href
    try {
      await page.goto(url, { timeout: context.timeout, waitUntil: recipe.login.length === 0 ? 'commit' : 'domcontentloaded' })
    } catch (cause) {
      throw new HarnessError('PRODUCT_UNREACHABLE', `Le produit ne répond pas à ${url} (${reason(cause)}).`, {
        fix: 'Démarrez le produit, ou corrigez baseUrl, driver.start ou hosts dans le fichier de la cible.',
        place: { path: 'baseUrl' },
        cause,
      })
    }
  }

  /** Waits until the page shows one of its signs: a page that is filled by a script is empty at first. */
  async function settled(page: Page, { timeout }: DriverContext): Promise<boolean> {
    const signs = [recipe.signedIn, recipe.signedOut, recipe.refusal, recipe.chooseExercise?.when, recipe.phone?.waiting].filter(
      (locator) => locator !== undefined,
    )
    let any = find(page, signs[0] as Locator)
    for (const sign of signs.slice(1)) any = any.or(find(page, sign))
    return any
      .first()
      .waitFor({ state: 'visible', timeout })
      .then(
        () => true,
        () => false,
      )
  }

  /** A page that goes away while it is read is looked at again, as long as there is time. */
  async function whoIsSignedIn(page: Page, context: DriverContext): Promise<Seen> {
    const deadline = Date.now() + context.timeout
    for (;;) {
      const left = deadline - Date.now()
      if (left <= 0 || !(await settled(page, { ...context, timeout: left }))) return { signedIn: 'unreadable' }
      const seen = await readSigns(page, context).catch((error: unknown) => {
        if (error instanceof Error && /Timeout \d+ms exceeded/.test(error.message)) return undefined
        throw error
      })
      if (seen) return seen
    }
  }

  async function readSigns(page: Page, context: DriverContext): Promise<Seen> {
    const read = async (locator: Locator | undefined) =>
      locator && (await visible(page, locator)) ? (await find(page, locator).first().innerText({ timeout: GONE })).trim() : undefined
    // Side by side: each question to a browser takes its time.
    const [refusal, who, nobody] = await Promise.all([read(recipe.refusal), read(recipe.signedIn), visible(page, recipe.signedOut)])
    const more = refusal ? { refusal } : {}
    if (who !== undefined) {
      const persona = [...context.needles].find(([, needle]) => who.includes(needle))?.[0]
      return { signedIn: persona ?? 'someone-else', ...more }
    }
    if (nobody || refusal || (await visible(page, recipe.phone?.waiting))) return { signedIn: null, ...more }
    return { signedIn: 'unreadable', ...more }
  }

  return {
    startLogin,
    whoIsSignedIn,
    openProtectedPage: open,
    ...(recipe.refusal
      ? {
          refusalShown: (page: Page, { timeout }: DriverContext) =>
            find(page, recipe.refusal as Locator)
              .first()
              .waitFor({ state: 'visible', timeout }),
        }
      : {}),
    ...(recipe.phone ? phoneVerbs(recipe.phone, open) : {}),
    ...(recipe.loginSecond
      ? {
          async startLoginSecond(page: Page, context: DriverContext) {
            await open(page, context)
            for (const [index, gesture] of (recipe.loginSecond ?? []).entries()) await act(page, gesture, `driver.loginSecond[${index}]`, context)
          },
        }
      : {}),
    ...(recipe.chooseExercise
      ? {
          async chooseExercise(page: Page, context: DriverContext) {
            // Elsewhere, at the provider, there is nothing to wait for.
            if (new URL(page.url()).origin !== context.baseUrl || !(await settled(page, context))) return []
            return choose(page, recipe.chooseExercise as NonNullable<Recipe['chooseExercise']>, context)
          },
        }
      : {}),
    ...(recipe.refresh
      ? {
          async refresh(page: Page, context: DriverContext) {
            for (const [index, gesture] of (recipe.refresh ?? []).entries()) await act(page, gesture, `driver.refresh[${index}]`, context)
          },
        }
      : {}),
    ...(recipe.takeOver
      ? {
          async takeOver(page: Page, context: DriverContext) {
            for (const [index, gesture] of (recipe.takeOver ?? []).entries()) await act(page, gesture, `driver.takeOver[${index}]`, context)
          },
        }
      : {}),
    ...(recipe.signOut
      ? {
          async signOut(page: Page, context: DriverContext) {
            for (const [index, gesture] of (recipe.signOut ?? []).entries()) await act(page, gesture, `driver.signOut[${index}]`, context)
          },
        }
      : {}),
  }
}

function phoneVerbs(
  { login, waiting, proceed }: NonNullable<Recipe['phone']>,
  open: (page: Page, context: DriverContext) => Promise<void>,
): Partial<Driver> {
  return {
    async startPhoneLogin(page, context, nationalId) {
      await open(page, context)
      for (const [index, gesture] of login.entries()) {
        const filled = 'fill' in gesture ? { ...gesture, value: gesture.value.replaceAll('{idNat}', nationalId) } : gesture
        await act(page, filled, `driver.phone.login[${index}]`, context)
      }
      await page.waitForLoadState('load')
    },
    isWaitingForPhone: (page) => find(page, waiting).first().isVisible(),
    async proceedPhoneLogin(page, context) {
      for (const [index, gesture] of (proceed ?? []).entries()) await act(page, gesture, `driver.phone.proceed[${index}]`, context)
      return proceed !== undefined
    },
  }
}

async function choose(page: Page, { when, options }: NonNullable<Recipe['chooseExercise']>, context: DriverContext): Promise<readonly string[]> {
  if (!(await find(page, when).first().isVisible())) return []
  const offered = find(page, options)
  const labels = (await offered.allInnerTexts()).map((label) => label.trim())
  if (labels.length === 0) throw failed('driver.chooseExercise.options', options, 'aucun choix trouvé')
  await offered.first().click({ timeout: context.timeout })
  await page.waitForLoadState('load')
  return labels
}

async function act(page: Page, gesture: Gesture, path: string, context: DriverContext): Promise<void> {
  const { timeout } = context
  const locator = 'click' in gesture ? gesture.click : 'fill' in gesture ? gesture.fill : 'select' in gesture ? gesture.select : undefined
  try {
    if ('goto' in gesture) await page.goto(new URL(gesture.goto, context.baseUrl).href, { timeout })
    else if ('press' in gesture) await page.keyboard.press(gesture.press)
    else if ('click' in gesture) await find(page, gesture.click).first().click({ timeout })
    else if ('fill' in gesture) await find(page, gesture.fill).first().fill(gesture.value, { timeout })
    else await find(page, gesture.select).first().selectOption({ label: gesture.option }, { timeout })
  } catch (cause) {
    throw failed(path, locator, reason(cause), cause)
  }
}

function failed(path: string, locator: Locator | undefined, why: string, cause?: unknown): HarnessError {
  const what = locator ? describeLocator(locator) : 'le geste'
  return new HarnessError('DRIVER_STEP_FAILED', `${path} : ${what} n'a pas été trouvé ou n'a pas répondu dans la page du produit (${why}).`, {
    fix: 'Ouvrez la page, relevez le rôle et le nom exacts de l’élément, et corrigez ce chemin dans le fichier de la cible.',
    place: { path },
    cause,
  })
}

/** A locator in words, for sentences. */
export function describeLocator(locator: Locator): string {
  if ('role' in locator) return `l'élément de rôle « ${locator.role} »${locator.name ? ` nommé « ${locator.name} »` : ''}`
  if ('label' in locator) return `le champ « ${locator.label} »`
  if ('text' in locator) return `le texte « ${locator.text} »`
  if ('testId' in locator) return `l'élément de data-testid « ${locator.testId} »`
  return `le sélecteur « ${locator.css} »`
}

function find(page: Page, locator: Locator): PageLocator {
  if ('role' in locator) {
    const { name, exact } = locator
    return page.getByRole(locator.role as Parameters<Page['getByRole']>[0], { ...(name ? { name } : {}), ...(exact ? { exact } : {}) })
  }
  if ('label' in locator) return page.getByLabel(locator.label)
  if ('text' in locator) return page.getByText(locator.text)
  if ('testId' in locator) return page.getByTestId(locator.testId)
  return page.locator(locator.css)
}

/** The first line of a browser error, without the library's call log. */
export function reason(cause: unknown): string {
  const line = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? ''
  if (/Timeout (\d+)ms exceeded/.test(line)) return `rien après ${Number(/Timeout (\d+)ms/.exec(line)?.[1]) / 1000} s`
  return line.replace(/^.*?: /, '')
}
