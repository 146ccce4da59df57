import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('calendars', '0002_guards'),
        ('people', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name='AgreementVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.BigIntegerField(null=True)),
                ('pauses_while_waiting', models.BooleanField(default=True)),
                ('machine_may_acknowledge', models.BooleanField(default=False)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='clients.agreement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('agreement', 'number'), name='agreement_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160)),
                ('public_id', models.CharField(max_length=22, unique=True)),
                ('time_zone', models.CharField(max_length=60)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('language', models.CharField(default='en', max_length=10)),
                ('since_on', models.DateField()),
                ('source', models.CharField(blank=True, max_length=80)),
                ('archived_at', models.DateTimeField(null=True)),
                ('bookkeeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='portfolio', to=settings.AUTH_USER_MODEL)),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.calendar')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clients', to='people.team')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='client_name_once')],
            },
        ),
        migrations.AddField(
            model_name='agreement',
            name='client',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agreement', to='clients.client'),
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('department', models.CharField(blank=True, max_length=80)),
                ('role', models.CharField(blank=True, max_length=80)),
                ('preferred_channel', models.CharField(default='email', max_length=20)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('source', models.CharField(blank=True, max_length=80)),
                ('verified_at', models.DateTimeField(null=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='clients.client')),
                ('verified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ContactAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('email', 'Email'), ('phone', 'Phone')], max_length=5)),
                ('value', models.CharField(max_length=254)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='clients.contact')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'value'], name='address_found')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'email')), fields=('value',), name='address_once'), models.UniqueConstraint(fields=('contact', 'kind', 'value'), name='address_once_a_contact')],
            },
        ),
        migrations.CreateModel(
            name='Nuance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nuances', to='clients.client')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('retired_at', None)), fields=['client', 'id'], name='nuance_current')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('channel', models.CharField(blank=True, max_length=20)),
                ('priority', models.CharField(blank=True, max_length=10)),
                ('minutes', models.PositiveIntegerField()),
                ('clock', models.CharField(choices=[('business', 'Business'), ('elapsed', 'Elapsed')], default='business', max_length=8)),
                ('share', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('strict_minutes', models.PositiveIntegerField(null=True)),
                ('strict_share', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('average_minutes', models.PositiveIntegerField(null=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='clients.agreementversion')),
            ],
            options={
                'ordering': ['kind', 'channel', 'priority'],
                'constraints': [models.UniqueConstraint(fields=('version', 'kind', 'channel', 'priority'), name='target_once'), models.CheckConstraint(condition=models.Q(('minutes__gt', 0)), name='target_above_zero'), models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 100)), _connector='OR'), name='target_share_is_a_share'), models.CheckConstraint(condition=models.Q(('strict_share', None), models.Q(('strict_share__gt', 0), ('strict_share__lte', 100)), _connector='OR'), name='target_strict_share_is_a_share'), models.CheckConstraint(condition=models.Q(('strict_minutes', None), models.Q(('strict_minutes__gt', 0), ('strict_minutes__lte', models.F('minutes'))), _connector='OR'), name='target_strict_is_stricter'), models.CheckConstraint(condition=models.Q(('average_minutes', None), ('average_minutes__gt', 0), _connector='OR'), name='target_average_above_zero')],
            },
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('client', 0), name='one_default_agreement'),
        ),
    ]
