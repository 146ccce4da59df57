import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('banking', '0002_guards'),
        ('clients', '0002_seconds'),
        ('conversations', '0002_priority'),
        ('core', '0003_search'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('over_minor', models.BigIntegerField(null=True)),
                ('address_number', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('over_minor', None), ('over_minor__gte', 0), _connector='OR'), name='document_limit_sound')],
            },
        ),
        migrations.AddField(
            model_name='attached',
            name='how',
            field=models.CharField(choices=[('match', 'Match'), ('answer', 'Answer'), ('person', 'Person')], default='person', max_length=6),
        ),
        migrations.AddField(
            model_name='attached',
            name='reasons',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='document',
            name='arrived_by',
            field=models.CharField(choices=[('upload', 'Upload'), ('camera', 'Camera'), ('mail', 'Mail'), ('answer', 'Answer'), ('folder', 'Folder')], max_length=6),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('read_at', None)), fields=['id'], name='document_unread'),
        ),
        migrations.AddConstraint(
            model_name='attached',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('how', 'match')), fields=('document',), name='document_matched_once'),
        ),
        migrations.AddConstraint(
            model_name='attached',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('how', 'match')), fields=('line',), name='line_matched_once'),
        ),
        migrations.AddField(
            model_name='documentterms',
            name='changed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='documentterms',
            name='client',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client'),
        ),
    ]
