import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('banking', '0003_documents'),
        ('clients', '0002_seconds'),
        ('ledger', '0003_variance_notes'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('moved_at', models.DateTimeField(null=True)),
                ('reviewed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('moved_at__isnull', False), models.Q(('reviewed_at', None), ('reviewed_at__lt', models.F('moved_at')), _connector='OR')), fields=['moved_at'], name='month_to_review')],
            },
        ),
        migrations.CreateModel(
            name='ReviewMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=20, unique=True)),
                ('last', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ReviewTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payee_over_minor', models.BigIntegerField(null=True)),
                ('round_from_minor', models.BigIntegerField(null=True)),
                ('twice_from_minor', models.BigIntegerField(null=True)),
                ('far_from_minor', models.BigIntegerField(null=True)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('payee_over_minor', None), ('payee_over_minor__gte', 0), _connector='OR'), models.Q(('round_from_minor', None), ('round_from_minor__gt', 0), _connector='OR'), models.Q(('twice_from_minor', None), ('twice_from_minor__gte', 0), _connector='OR'), models.Q(('far_from_minor', None), ('far_from_minor__gte', 0), _connector='OR')), name='review_limits_sound')],
            },
        ),
        migrations.AddField(
            model_name='finding',
            name='silence',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='banking.silence'),
        ),
        migrations.AddField(
            model_name='finding',
            name='subject',
            field=models.CharField(default='', max_length=80),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=models.Index(fields=['client', 'month', 'kind'], name='finding_of_month'),
        ),
        migrations.AddField(
            model_name='reviewedmonth',
            name='client',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client'),
        ),
        migrations.AddField(
            model_name='reviewedmonth',
            name='reviewed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewterms',
            name='changed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewterms',
            name='client',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client'),
        ),
        migrations.AddConstraint(
            model_name='reviewedmonth',
            constraint=models.UniqueConstraint(fields=('client', 'month'), name='reviewed_month_once'),
        ),
    ]
