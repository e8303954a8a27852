"""Kubernetes quantities, as the stages know them."""

from svc.quantities import amount as amount
from svc.quantities import exceeds as exceeds
from svc.quantities import times_ten as times_ten
from svc.quantities import total as total
