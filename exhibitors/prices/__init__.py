"""What exhibitors pay for: booths by the price list, extras, and packages of sponsors.

``quoting`` what a booth costs whom, and why · ``extras`` stock that is taken and given back · ``sponsoring`` packages, and
what is owed for them · ``back_office`` how the organisers keep all that.
"""
