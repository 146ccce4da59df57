import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('type', models.CharField(choices=[('asset', 'Asset'), ('liability', 'Liability'), ('equity', 'Equity'), ('income', 'Income'), ('expense', 'Expense')], max_length=9)),
                ('purpose', models.CharField(blank=True, max_length=24)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('deactivated_at', models.DateTimeField(null=True)),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='ledger.account')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='ledger.account')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('type__in', ['asset', 'liability', 'equity', 'income', 'expense'])), name='account_type_known'), models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='account_not_its_own_parent'), models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='account_not_merged_into_itself')],
            },
        ),
        migrations.CreateModel(
            name='AccountChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('added', 'Added'), ('name', 'Name'), ('code', 'Code'), ('parent', 'Parent'), ('tax_code', 'Tax Code'), ('merged', 'Merged'), ('deactivated', 'Deactivated'), ('reactivated', 'Reactivated')], max_length=12)),
                ('before', models.CharField(blank=True, max_length=160)),
                ('after', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('by', models.BigIntegerField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='ledger.account')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Book',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base_currency', models.CharField(max_length=3)),
                ('fiscal_month', models.PositiveSmallIntegerField()),
                ('template', models.CharField(max_length=20)),
                ('opened_on', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.BigIntegerField(null=True)),
                ('last_number', models.BigIntegerField(default=0)),
                ('last_hash', models.CharField(max_length=64)),
                ('client', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='book', to='clients.client')),
                ('rounding_account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('suspense_account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('fiscal_month__gte', 1), ('fiscal_month__lte', 12)), name='book_fiscal_month'), models.CheckConstraint(condition=models.Q(('last_number__gte', 0)), name='book_counts_up')],
            },
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('span', models.PositiveSmallIntegerField(choices=[(1, 'Day'), (2, 'Third'), (3, 'Month'), (4, 'Quarter'), (5, 'Year')])),
                ('starts_on', models.DateField()),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('debit_minor', models.BigIntegerField()),
                ('credit_minor', models.BigIntegerField()),
                ('foreign_minor', models.BigIntegerField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'span', 'starts_on', 'currency'), name='balance_once')],
            },
        ),
        migrations.AddField(
            model_name='account',
            name='book',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='ledger.book'),
        ),
        migrations.CreateModel(
            name='Budget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('amount_minor', models.BigIntegerField()),
                ('set_at', models.DateTimeField()),
                ('set_by', models.BigIntegerField(null=True)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='budgets', to='ledger.account')),
            ],
            options={
                'ordering': ['month'],
                'constraints': [models.UniqueConstraint(fields=('account', 'month'), name='budget_once')],
            },
        ),
        migrations.CreateModel(
            name='Dimension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('book', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='dimensions', to='ledger.book')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('book', 'name'), name='dimension_once')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('dated_on', models.DateField()),
                ('posted_at', models.DateTimeField()),
                ('posted_by', models.BigIntegerField(null=True)),
                ('source', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=160)),
                ('narration', models.CharField(blank=True, max_length=500)),
                ('override_reason', models.CharField(blank=True, max_length=500)),
                ('lines', models.PositiveIntegerField()),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('book', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='ledger.book')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='ledger.entry')),
            ],
            options={
                'ordering': ['number'],
                'indexes': [models.Index(fields=['book', 'dated_on', 'number'], name='entry_by_day'), models.Index(condition=models.Q(('source', 'closing')), fields=['book', 'dated_on'], name='entry_closing')],
                'constraints': [models.UniqueConstraint(fields=('book', 'number'), name='entry_number_once'), models.UniqueConstraint(fields=('book', 'key'), name='entry_key_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='entry_numbers_from_one'), models.CheckConstraint(condition=models.Q(('lines__gte', 2)), name='entry_has_two_sides'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='entry_has_a_key')],
            },
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('soft_closed_at', models.DateTimeField(null=True)),
                ('soft_closed_by', models.BigIntegerField(null=True)),
                ('hard_closed_at', models.DateTimeField(null=True)),
                ('hard_closed_by', models.BigIntegerField(null=True)),
                ('book', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='periods', to='ledger.book')),
            ],
            options={
                'ordering': ['starts_on'],
                'constraints': [models.UniqueConstraint(fields=('book', 'starts_on'), name='period_once'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='period_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='PeriodChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('soft_closed', 'Soft Closed'), ('hard_closed', 'Hard Closed'), ('reopened', 'Reopened')], max_length=12)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('by', models.BigIntegerField(null=True)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='ledger.period')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('dated_on', models.DateField()),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('foreign_minor', models.BigIntegerField(default=0)),
                ('text', models.CharField(blank=True, max_length=300)),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='ledger.account')),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='ledger.entry')),
            ],
            options={
                'ordering': ['entry_id', 'position'],
                'indexes': [models.Index(fields=['account', 'dated_on', 'id', 'amount_minor'], name='posting_by_account')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'position'), name='posting_position_once'), models.CheckConstraint(condition=models.Q(('amount_minor', 0), ('foreign_minor', 0), _negated=True), name='posting_moves_something'), models.CheckConstraint(condition=models.Q(models.Q(('currency', ''), _negated=True), ('foreign_minor', 0), _connector='OR'), name='posting_names_its_currency')],
            },
        ),
        migrations.CreateModel(
            name='Rate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base', models.CharField(max_length=3)),
                ('currency', models.CharField(max_length=3)),
                ('on', models.DateField()),
                ('numerator', models.BigIntegerField()),
                ('denominator', models.BigIntegerField()),
                ('source', models.CharField(max_length=40)),
                ('set_at', models.DateTimeField()),
                ('set_by', models.BigIntegerField(null=True)),
            ],
            options={
                'ordering': ['-on'],
                'constraints': [models.UniqueConstraint(fields=('base', 'currency', 'on'), name='rate_once'), models.CheckConstraint(condition=models.Q(('denominator__gt', 0), ('numerator__gt', 0)), name='rate_above_zero'), models.CheckConstraint(condition=models.Q(('base', models.F('currency')), _negated=True), name='rate_between_two')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('retired_at', models.DateTimeField(null=True)),
                ('dimension', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='ledger.dimension')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('dimension', 'name'), name='tag_once')],
            },
        ),
        migrations.CreateModel(
            name='PostingTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('posting', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='posting_tags', to='ledger.posting')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.tag')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('posting', 'tag'), name='posting_tag_once')],
            },
        ),
        migrations.CreateModel(
            name='TagBalance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('span', models.PositiveSmallIntegerField(choices=[(1, 'Day'), (2, 'Third'), (3, 'Month'), (4, 'Quarter'), (5, 'Year')])),
                ('starts_on', models.DateField()),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('debit_minor', models.BigIntegerField()),
                ('credit_minor', models.BigIntegerField()),
                ('foreign_minor', models.BigIntegerField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('tag', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.tag')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tag', 'account', 'span', 'starts_on', 'currency'), name='tag_balance_once')],
            },
        ),
        migrations.CreateModel(
            name='TaxCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=80)),
                ('rate_basis_points', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('sales', 'Sales'), ('purchase', 'Purchase'), ('none', 'None')], max_length=8)),
                ('retired_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('book', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tax_codes', to='ledger.book')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('book', 'code'), name='tax_code_once'), models.CheckConstraint(condition=models.Q(('rate_basis_points__lte', 10000)), name='tax_rate_is_a_rate'), models.CheckConstraint(condition=models.Q(('rate_basis_points', 0), ('account__isnull', False), _connector='OR'), name='tax_rate_has_an_account')],
            },
        ),
        migrations.AddField(
            model_name='posting',
            name='tax_code',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.taxcode'),
        ),
        migrations.AddField(
            model_name='account',
            name='tax_code',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.taxcode'),
        ),
        migrations.AddIndex(
            model_name='posting',
            index=models.Index(condition=models.Q(('tax_code__isnull', False)), fields=['tax_code', 'dated_on'], name='posting_by_tax_code'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('book', 'code'), name='account_code_once'),
        ),
    ]
