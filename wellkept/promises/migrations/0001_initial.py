import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('calendars', '0002_guards'),
        ('clients', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('title', models.CharField(max_length=200)),
                ('subject_kind', models.CharField(max_length=30)),
                ('subject_id', models.BigIntegerField()),
                ('channel', models.CharField(blank=True, max_length=20)),
                ('priority', models.CharField(blank=True, max_length=10)),
                ('minutes', models.PositiveIntegerField(null=True)),
                ('made_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('paused_at', models.DateTimeField(null=True)),
                ('waiting_for', models.CharField(blank=True, max_length=200)),
                ('warned', models.PositiveSmallIntegerField(default=0)),
                ('next_check_at', models.DateTimeField(null=True)),
                ('recount_at', models.DateTimeField(null=True)),
                ('missed_at', models.DateTimeField(null=True)),
                ('kept_at', models.DateTimeField(null=True)),
                ('took_seconds', models.PositiveBigIntegerField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('calendar', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calendars.calendarversion')),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='clients.client')),
                ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owes', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='promises.promise')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.target')),
                ('to_contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owed', to='clients.contact')),
                ('to_staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owed', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('kept_at', None), ('replaced_by', None), ('withdrawn_at', None), ('next_check_at__isnull', False)), fields=['next_check_at'], name='promise_sweep'), models.Index(condition=models.Q(('kept_at', None), ('replaced_by', None), ('withdrawn_at', None), ('recount_at__isnull', False)), fields=['client', 'id'], name='promise_recount'), models.Index(condition=models.Q(('kept_at', None), ('replaced_by', None), ('withdrawn_at', None)), fields=['due_at'], name='promise_open'), models.Index(condition=models.Q(('kept_at', None), ('replaced_by', None), ('withdrawn_at', None)), fields=['owner', 'due_at'], name='promise_owner_open'), models.Index(condition=models.Q(('kept_at', None), ('replaced_by', None), ('withdrawn_at', None)), fields=['client', 'due_at'], name='promise_client_open'), models.Index(condition=models.Q(('kept_at', None), ('replaced_by', None), ('withdrawn_at', None)), fields=['to_staff', 'due_at'], name='promise_to_staff_open'), models.Index(fields=['subject_kind', 'subject_id'], name='promise_subject'), models.Index(fields=['client', '-made_at'], name='promise_client_made'), models.Index(fields=['owner', '-kept_at'], name='promise_owner_kept'), models.Index(fields=['kind', 'made_at'], name='promise_kind_made')],
                'constraints': [models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('made_at'))), name='promise_due_after_made'), models.CheckConstraint(condition=models.Q(('kept_at__isnull', False), ('withdrawn_at__isnull', False), _negated=True), name='promise_one_end'), models.CheckConstraint(condition=models.Q(('replaced_by', None), models.Q(('kept_at', None), ('withdrawn_at', None)), _connector='OR'), name='promise_not_replaced_and_ended'), models.CheckConstraint(condition=models.Q(('owner', None), ('to_staff', None), models.Q(('owner', models.F('to_staff')), _negated=True), _connector='OR'), name='promise_to_another'), models.UniqueConstraint(condition=models.Q(('kept_at', None), ('replaced_by', None), ('withdrawn_at', None), ('kind__in', ['acknowledge', 'next_reply', 'resolve'])), fields=('kind', 'subject_kind', 'subject_id'), name='promise_single')],
            },
        ),
        migrations.CreateModel(
            name='PromiseEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('made', 'Made'), ('paused', 'Paused'), ('resumed', 'Resumed'), ('warned', 'Warned'), ('missed', 'Missed'), ('kept', 'Kept'), ('unkept', 'Unkept'), ('extended', 'Extended'), ('withdrawn', 'Withdrawn'), ('handed', 'Handed'), ('recounted', 'Recounted'), ('escalated', 'Escalated'), ('told', 'Told'), ('moved', 'Moved')], max_length=12)),
                ('at', models.DateTimeField()),
                ('reason', models.TextField(blank=True)),
                ('data', models.JSONField(default=dict)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='promises.promise')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('name__in', ['made', 'missed', 'withdrawn', 'extended'])), fields=('promise', 'name'), name='promise_event_once')],
            },
        ),
    ]
