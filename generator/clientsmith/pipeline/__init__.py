"""The stages of the commands in order: document -> API model -> files with a manifest; nothing is printed here.

Each stage is imported when it is due: a check that generates nothing must not pay for loading the generator.
"""

from clientsmith.pipeline.comparison import Compared as Compared
from clientsmith.pipeline.comparison import compare as compare
from clientsmith.pipeline.generation import Generated as Generated
from clientsmith.pipeline.generation import generate as generate
from clientsmith.pipeline.generation import read_inputs as read_inputs
from clientsmith.pipeline.linting import Linted as Linted
from clientsmith.pipeline.linting import lint as lint
from clientsmith.pipeline.naming import NameChanges as NameChanges
from clientsmith.pipeline.policies import policies_of as policies_of
from clientsmith.pipeline.writing import knows_release as knows_release
from clientsmith.pipeline.writing import write as write
