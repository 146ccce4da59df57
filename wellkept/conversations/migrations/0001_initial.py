import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
        ('core', '0003_search'),
        ('people', '0001_initial'),
        ('people', '__first__'),
        ('promises', '0002_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='StrangerAnswered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=254, unique=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Conversation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=22, unique=True)),
                ('subject', models.CharField(max_length=300)),
                ('channel', models.CharField(max_length=20)),
                ('priority', models.CharField(blank=True, max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('last_message_at', models.DateTimeField()),
                ('snippet', models.CharField(blank=True, max_length=200)),
                ('unanswered_since', models.DateTimeField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('waiting_since', models.DateTimeField(null=True)),
                ('waiting_for', models.CharField(blank=True, max_length=200)),
                ('snoozed_until', models.DateTimeField(null=True)),
                ('next_due_at', models.DateTimeField(null=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='clients.client')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to='clients.contact')),
                ('merged_into', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='conversations.conversation')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='conversations', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('split_from', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='splits', to='conversations.conversation')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('merged_into', None), ('resolved_at', None)), fields=['owner', 'next_due_at'], name='conversation_owner_open'), models.Index(condition=models.Q(('merged_into', None), ('resolved_at', None)), fields=['client', 'next_due_at'], name='conversation_client_open'), models.Index(condition=models.Q(('merged_into', None), ('resolved_at', None)), fields=['next_due_at', 'id'], name='conversation_open'), models.Index(condition=models.Q(('merged_into', None), ('resolved_at', None), ('next_due_at', None)), fields=['-last_message_at', '-id'], name='conversation_nothing_due'), models.Index(condition=models.Q(('merged_into', None), ('resolved_at', None), models.Q(('waiting_since__isnull', False), ('snoozed_until__isnull', False), _connector='OR')), fields=['owner', 'next_due_at'], name='conversation_aside'), models.Index(condition=models.Q(('merged_into', None), ('resolved_at', None)), fields=['channel', 'next_due_at', 'id'], name='conversation_channel'), models.Index(condition=models.Q(('merged_into', None), ('resolved_at', None), ('snoozed_until__isnull', False)), fields=['snoozed_until'], name='conversation_snoozed'), models.Index(condition=models.Q(('resolved_at__isnull', False)), fields=['owner', '-resolved_at', '-id'], name='conversation_owner_done'), models.Index(fields=['client', '-last_message_at', '-id'], name='conversation_client_recent'), models.Index(fields=['-last_message_at', '-id'], name='conversation_recent')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(default='reply', max_length=10)),
                ('text', models.TextField(blank=True)),
                ('follow_up', models.CharField(blank=True, max_length=40)),
                ('saved_at', models.DateTimeField()),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='conversations.conversation')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('staff', 'conversation', 'mode'), name='draft_once')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True)),
                ('offered_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('declined_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='conversations.conversation')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('accepted_at', None), ('declined_at', None), ('withdrawn_at', None)), fields=('conversation',), name='one_open_handover')],
            },
        ),
        migrations.CreateModel(
            name='Looking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
                ('typed_at', models.DateTimeField(null=True)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.conversation')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('staff', 'conversation'), name='looking_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('in', 'Inbound'), ('out', 'Outbound'), ('note', 'Note'), ('event', 'Event')], max_length=5)),
                ('channel', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('event', models.CharField(blank=True, max_length=20)),
                ('details', models.JSONField(default=dict)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('author_name', models.CharField(blank=True, max_length=160)),
                ('to', models.JSONField(default=list)),
                ('cc', models.JSONField(default=list)),
                ('text', models.TextField(blank=True)),
                ('spans', models.JSONField(default=list)),
                ('html', models.TextField(blank=True)),
                ('remote_hosts', models.JSONField(default=list)),
                ('automatic', models.CharField(blank=True, max_length=20)),
                ('caution', models.CharField(blank=True, max_length=20)),
                ('message_id', models.CharField(blank=True, max_length=255)),
                ('in_reply_to', models.CharField(blank=True, max_length=255)),
                ('references', models.JSONField(default=list)),
                ('placed_by', models.CharField(blank=True, max_length=12)),
                ('placed_reason', models.TextField(blank=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='clients.contact')),
                ('conversation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='conversations.conversation')),
                ('outgoing', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.outgoing')),
                ('promise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='promises.promise')),
                ('raw', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['conversation', 'id'], name='message_thread')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('message_id', ''), _negated=True), fields=('message_id',), name='message_once')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='conversations.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'staff'), name='mention_once')],
            },
        ),
        migrations.CreateModel(
            name='DeliveryProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=254)),
                ('permanent', models.BooleanField()),
                ('words', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='conversations.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'address', 'permanent'), name='delivery_problem_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('media_type', models.CharField(max_length=100)),
                ('content_id', models.CharField(blank=True, max_length=200)),
                ('inline', models.BooleanField(default=False)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='conversations.message')),
            ],
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=254)),
                ('name', models.CharField(blank=True, max_length=160)),
                ('since', models.DateTimeField()),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.contact')),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='conversations.conversation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('conversation', 'address'), name='participant_once')],
            },
        ),
        migrations.CreateModel(
            name='Rhythm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('every_days', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('conversation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rhythms', to='conversations.conversation')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('conversation',), name='one_rhythm')],
            },
        ),
    ]
