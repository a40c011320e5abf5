"""Characters that no XML document may hold: in feeds and in pictures they are left out."""

import re

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
