"""`update`: a new document, its package, changelog and state, tried beside the targets and then exchanged as one."""

from clientsmith.pipeline.update.model import Options as Options
from clientsmith.pipeline.update.model import Stage as Stage
from clientsmith.pipeline.update.model import Updated as Updated
from clientsmith.pipeline.update.run import update as update
