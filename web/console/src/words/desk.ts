// SPDX-License-Identifier: Apache-2.0
import { areaOf } from './index'

export default areaOf({
  zh: { newest: '本范围最新登记', quiet: '打开本页以来没有新的登记' },
  en: {
    newest: 'Newest entries of your places',
    quiet: 'Nothing has been recorded since this page was opened',
  },
})
