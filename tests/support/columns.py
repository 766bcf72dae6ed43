"""The columns of the published report's loan table, by which tests make loans like its own."""

from analysis.portfolio.declaration import module_12

LABEL = module_12().label_column.name


def column(name):
    return module_12().column(name)


def columns():
    return module_12().columns


def feature_names():
    return [each.name for each in module_12().features]
