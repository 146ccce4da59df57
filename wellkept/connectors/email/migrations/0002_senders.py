import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0001_initial'),
        ('core', '0003_search'),
        ('email', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SenderCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(max_length=12)),
                ('domain', models.CharField(max_length=254)),
                ('basis', models.CharField(blank=True, max_length=12)),
                ('details', models.JSONField(default=dict)),
                ('checked_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['confirmed', 'unconfirmed', 'denied', 'silent'])), name='sender_verdict_known')],
            },
        ),
        migrations.AddField(
            model_name='mailbox',
            name='trusted_server',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='rawmail',
            name='peer',
            field=models.CharField(blank=True, max_length=45),
        ),
        migrations.AddField(
            model_name='rawmail',
            name='sender_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='rawmail',
            name='sender_tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='rawmail',
            index=models.Index(condition=models.Q(('sender_due_at__isnull', False)), fields=['sender_due_at', 'id'], name='raw_mail_sender_due'),
        ),
        migrations.AddField(
            model_name='sendercheck',
            name='message',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.message'),
        ),
        migrations.AddField(
            model_name='sendercheck',
            name='raw',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sender_check', to='email.rawmail'),
        ),
        migrations.AddIndex(
            model_name='sendercheck',
            index=models.Index(fields=['message'], name='sender_check_message'),
        ),
    ]
